"""Every call the platform answers, by its path on api.weixin.qq.com."""

from app.sandbox.wechat import account, codes, custom, login, media, push, quota, security, tokens
from app.sandbox.wechat.call import Call, Endpoint
from app.sandbox.world import MINI, OFFICIAL


def _quota_get(call: Call) -> dict:
    return quota.get(call, ROUTES)


def _quota_clear(call: Call) -> dict:
    return quota.clear_one(call, ROUTES)


def _clear_by_secret(call: Call) -> dict:
    given = call.query | {name: value for name, value in call.body.items() if isinstance(value, str)}
    call.caller = tokens.identify(call, given, "appsecret")
    call.body["appid"] = call.app.appid
    return quota.clear_all(call)


ROUTES: dict[str, Endpoint] = {
    "/cgi-bin/token": Endpoint(tokens.issue, body="none", needs_token=False, limit=2000),
    "/cgi-bin/stable_token": Endpoint(tokens.stable, needs_token=False, limit=500_000),
    "/cgi-bin/clear_quota": Endpoint(quota.clear_all),
    "/cgi-bin/clear_quota/v2": Endpoint(_clear_by_secret, body="none", needs_token=False),
    "/cgi-bin/openapi/quota/get": Endpoint(_quota_get),
    "/cgi-bin/openapi/quota/clear": Endpoint(_quota_clear, limit=50),
    "/cgi-bin/openapi/rid/get": Endpoint(quota.rid),
    "/cgi-bin/get_api_domain_ip": Endpoint(account.addresses, body="none"),
    "/cgi-bin/getcallbackip": Endpoint(account.addresses, body="none"),
    "/sns/jscode2session": Endpoint(login.session, body="none", needs_token=False),
    "/wxa/checksession": Endpoint(login.check, body="none", kinds=(MINI,)),
    "/wxa/resetusersessionkey": Endpoint(login.reset, body="none", kinds=(MINI,)),
    "/wxa/business/getuserphonenumber": Endpoint(login.phone_number, kinds=(MINI,)),
    "/cgi-bin/message/custom/send": Endpoint(custom.send),
    "/cgi-bin/message/custom/typing": Endpoint(custom.typing_official),
    "/cgi-bin/message/custom/business/typing": Endpoint(custom.typing_mini),
    "/cgi-bin/media/upload": Endpoint(media.upload, body="files"),
    "/cgi-bin/media/get": Endpoint(media.download, body="none"),
    "/cgi-bin/message/subscribe/send": Endpoint(push.subscribe, kinds=(MINI,)),
    "/wxaapi/newtmpl/gettemplate": Endpoint(push.own_templates, body="none", kinds=(MINI,)),
    "/cgi-bin/message/template/send": Endpoint(push.template, kinds=(OFFICIAL,)),
    "/wxa/msg_sec_check": Endpoint(security.text, kinds=(MINI,), limit=2_000_000),
    "/wxa/media_check_async": Endpoint(security.media, kinds=(MINI,), limit=200_000),
    "/wxa/getwxacodeunlimit": Endpoint(codes.mini_code, kinds=(MINI,)),
    "/wxa/getwxacode": Endpoint(codes.path_code, kinds=(MINI,)),
    "/cgi-bin/wxaapp/createwxaqrcode": Endpoint(codes.path_code, kinds=(MINI,)),
    "/wxa/generate_urllink": Endpoint(codes.new_link, kinds=(MINI,), limit=500_000),
    "/wxa/query_urllink": Endpoint(codes.query_link, kinds=(MINI,)),
    "/cgi-bin/qrcode/create": Endpoint(codes.scene_code, kinds=(OFFICIAL,)),
    "/cgi-bin/showqrcode": Endpoint(codes.show, body="none", needs_token=False),
    "/cgi-bin/user/info": Endpoint(account.user, body="none", kinds=(OFFICIAL,)),
    "/cgi-bin/user/info/batchget": Endpoint(account.users, kinds=(OFFICIAL,)),
    "/cgi-bin/user/get": Endpoint(account.followers, body="none", kinds=(OFFICIAL,)),
    "/cgi-bin/menu/create": Endpoint(account.create_menu, kinds=(OFFICIAL,)),
    "/cgi-bin/menu/get": Endpoint(account.get_menu, body="none", kinds=(OFFICIAL,)),
    "/cgi-bin/menu/delete": Endpoint(account.delete_menu, body="none", kinds=(OFFICIAL,)),
}
