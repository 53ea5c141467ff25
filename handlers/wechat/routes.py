"""The routing table of the chat. Read from the top; the first row that fits answers; the last row always fits.

A handler is `def verb(message, talker) -> str | None`: it calls one rule and gives the sentence to say, or None. It
knows nothing of XML, encryption, retries or the kind of account; callback.py does.
"""

from handlers.wechat import answering, desk, events, incident, judging, personal, privacy, resident, staff, when

#: "1", "２，谢谢", "4 盖子还在响", "4没有解决", but not "110", "3 号楼门口井盖坏了" or "2 个路灯不亮".
JUDGED = r"^[1-4１-４](?!\s*[号#＃栋幢座楼层单门个盏处])(?=$|[\s，,。.、]|没|未|解决|满意|基本|不满)"
#: "满意", "解决了，基本满意", "非常满意，谢谢".
PLEASED = r"^(解决了[\s，,]*)?(很|非常|基本)?满意[\s，,。.！!]*(谢谢.*)?$"
#: "突发事件", "紧急 3号楼着火了", "上报突发事件：围墙塌了", but not "紧急联系人怎么改".
INCIDENT = r"^(我要)?(上报)?(突发事件|紧急情况|紧急)(?=$|[\s，,。.！!：:])"
_NUMBER = r"^[#＃]?\s*[0-9０-９]{4,9}\s*号?"
#: "#1002 1", "#1002 基本满意", "1002 没解决，还在响"; the number alone asks how it stands.
NAMED = (
    rf"{_NUMBER}[\s，,：:]+({JUDGED[1:]}|{PLEASED[1:]}|不满意(?=$|[\s，,。.！!]))|"
    rf"{_NUMBER}[\s，,：:]*(没解决|没有解决|未解决|{PLEASED[1:]}|不满意[\s，,。.！!]*$)"
)
#: "#1023 在东门": the number and words that are no command; the number alone asks how it stands.
ANSWERED = r"^[#＃]\s*[0-9０-９]{4,9}\s*号?[\s，,：:]+(?!撤[回销])\S"
#: "撤回 #1001", "撤回1001", "#1001 撤回".
WITHDRAWN = (
    r"^撤[回销]\s*[#＃]?\s*[0-9０-９]{4,9}\s*号?(?=$|[\s，,。.！!])|"
    rf"{_NUMBER}[\s，,：:]*撤[回销][\s，,。.！!]*$"
)
#: "注销", "我要注销我的账号", "请帮我注销", "把我的账号注销掉吧", but not "注销户口去哪里办".
FORGET = (
    r"^(请|麻烦您?|帮我|给我|我要|我想要?|要|想){0,3}(把?我的(账号|账户|帐号|资料|数据)全?部?)?"
    r"注销(掉|一下)?(我的?)?(这个)?(账号|账户|帐号)?[了吧]?[\s，,。.！!？?]*$"
)
#: What follows "我是" without being a name.
_NO_NAME = (
    "[的了吗呢啊谁不没号人来]|业主|居民|住户|租|房东|物业|社区|小区|网格|党员|楼|保安|保洁|大爷|大妈|书记|主任|家长|"
    "邻居|投诉|反映|路过"
)
#: The whole message is a name: "我是王大山", and no "我是业主"; behind "我叫" also a longer one.
NAME = (
    rf"^(?!.*({_NO_NAME}))(我是\s*[\u4e00-\u9fff]{{2,4}}|我叫\s*[\u4e00-\u9fffA-Za-z·]{{2,12}})[\s，,。.！!]*$|"
    r"^我叫\s*[^\u4e00-\u9fff\s][^\u4e00-\u9fff]{0,40}$"
)

ROUTES = (
    # when the message is …                                … this answers
    (when.event("subscribe"),                               events.followed),
    (when.event("unsubscribe"),                             events.left),
    (when.event("SCAN"),                                    events.scanned),
    (when.event("CLICK"),                                   events.clicked),
    (when.event("user_enter_tempsession"),                  events.entered),
    (when.event("subscribe_msg_popup_event"),               events.subscriptions_answered),
    (when.event("subscribe_msg_change_event"),              events.subscriptions_changed),
    (when.event("wxa_media_check"),                         events.media_checked),
    (when.event("TEMPLATESENDJOBFINISH"),                   events.template_ended),
    (when.event("subscribe_msg_sent_event"),                events.subscription_ended),
    (when.event("user_info_modified"),                      events.profile_modified),
    (when.event("user_authorization_revoke"),               events.authorization_revoked),
    (when.event("user_authorization_cancellation"),         events.account_closed),
    (when.any_event(),                                      events.noted),
    (when.owing_number(when.text(r"^[0-9]{4}$")),           desk.number_typed),
    (when.owing_number(when.text(r"^(取消|不是我|不是本人)[\s，,。.！!]*$")), desk.cancelled),
    (when.text(INCIDENT),                                   incident.report),
    (when.staff(when.text(r"^(接单|抢单|接|抢)\s*[#＃]?[0-9０-９]+")), staff.accept),
    (when.staff(when.text(r"^(围护|围挡|安全)\s*[#＃]?[0-9０-９]+")), staff.make_safe),
    (when.staff(when.text(r"^(办好|办结|完成)\s*[#＃]?[0-9０-９]+")), staff.handle),
    (when.staff(when.text(r"^退回\s*[#＃]?[0-9０-９]+")),     staff.return_back),
    (when.staff(when.text(r"^(任务|待办)$")),                staff.tasks),
    (when.staff(when.text(r"^(帮助|\?|？)$")),               staff.help_text),
    (when.staff(when.text(r"^照片\s*[#＃]?[0-9０-９]+")),     staff.assign_picture),
    (when.staff(when.text(rf"^({'|'.join(staff.TO_CHOOSE)})[\s#＃。.！!]*$")), staff.choose),
    (when.asked_question_of(when.text(ANSWERED)),           answering.named),
    (when.asked_why_of(when.text(ANSWERED)),                judging.reason),
    (when.about_own(when.text(NAMED)),                      judging.named),
    (when.about_own(when.text(WITHDRAWN)),                  resident.withdraw),
    (when.about_veiled(when.text(r"^(?![#＃]\s*[0-9０-９]+\s*$)")), resident.said_unnamed),
    (when.about_veiled(when.kind("voice")),                 resident.said_unnamed),
    (when.staff(when.text(r"^[#＃]\s*[0-9０-９]+\s*\S")),     staff.answer),
    (when.staff(when.kind("image")),                        staff.picture),
    (when.asked_whether(when.text(r"^([12１２]|是的?|对的?|不是)[\s，,。.！!]*$")), answering.settled),
    (when.asked_why(when.text(r"^[1-9１-９](?=$|[\s，,。.、！!])")), judging.reason),
    (when.asked_question_last(when.text(JUDGED)),           answering.said),
    (when.asked_to_judge(when.text(JUDGED)),                judging.solved),
    (when.asked_to_judge(when.text(PLEASED)),               judging.solved),
    (when.asked_to_reopen(when.text(r"^(没解决|没有解决|未解决)")), judging.not_solved),
    (when.text(rf"(?=[#＃])({NAMED})"),                      judging.named),
    (when.text(WITHDRAWN),                                  resident.withdraw),
    (when.text(r"^隐私(政策|说明|保护)?[\s，,。.！!？?]*$"),       privacy.show),
    (when.text(r"^(撤回|撤销|取消)同意"),                      privacy.withdraw),
    (when.text(r"^导出(我的)?(数据|资料|信息)[\s，,。.！!？?]*$"),   personal.export),
    (when.text(FORGET),                                     personal.ask),
    (when.text(r"^确认注销[\s，,。.！!]*$"),                    personal.confirm),
    (when.text(r"^取消注销[\s，,。.！!]*$"),                    personal.withdraw),
    (when.text(NAME),                                       resident.introduce),
    (when.text(r"^[#＃]\s*[0-9０-９]+\s*$"),                  resident.show_case),
    (when.text(r"^(我的上报|进度|查进度)$"),                   resident.my_cases),
    (when.text(r"^绑定\s*\S+"),                              resident.bind_household),
    (when.asked_question(when.text()),                      answering.said),
    (when.asked_question(when.kind("voice")),               answering.said),
    (when.asked_question(when.kind("location")),            answering.location),
    (when.shows_for_question(when.kind("image")),           answering.picture),
    (when.asked_why(when.text()),                           judging.reason_in_words),
    (when.text(),                                           resident.said),
    (when.kind("image"),                                    resident.picture),
    (when.kind("voice"),                                    resident.voice),
    (when.kind("location"),                                 resident.location),
    (when.anything(),                                       resident.other),
)  # fmt: skip


def answer(message, talker) -> str | None:
    """Let the first row that fits answer."""
    return next(handler for fits, handler in ROUTES if fits(message, talker))(message, talker)
