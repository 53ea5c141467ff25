"""Codes to scan and links to open: the mini-program's codes, the account's scene codes, URL links.

Source: 开发/服务端/小程序码与小程序链接; official-account page of parametric QR codes. Pictures are ordinary QR
codes that say what a real one would mean, so that any scanner shows it.
"""

import io
import re
from urllib.parse import urlencode

import segno

from app.sandbox.refusals import Refused
from app.sandbox.wechat.call import Call, Picture
from app.sandbox.wechat.push import page_exists
from app.sandbox.world import platform_id

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+")
VERSIONS = ("release", "trial", "develop")
LONGEST_TEMPORARY = 2_592_000
LONGEST_LINK = 30 * 24 * 3600


def qr_png(text: str, width: int = 430) -> bytes:
    """A QR code of about `width` pixels as PNG."""
    code = segno.make_qr(text, error="m")
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=max(1, width // code.symbol_size()[0]))
    return picture.getvalue()


def mini_code(call: Call) -> Picture:
    """POST /wxa/getwxacodeunlimit."""
    scene = call.body.get("scene")
    if not isinstance(scene, str) or not scene:
        raise Refused(40129)
    if len(scene) > 32:
        raise Refused(40169)
    if not SCENE.fullmatch(scene):
        raise Refused(40129)
    page = call.body.get("page") or ""
    if not isinstance(page, str) or page.startswith("/") or "?" in page:
        raise Refused(41030)
    if call.body.get("check_path", True) is not False and not page_exists(call, page):
        raise Refused(41030)
    return _mini_picture(call, page, scene)


def path_code(call: Call) -> Picture:
    """POST /wxa/getwxacode (path up to 1,024 characters) and /cgi-bin/wxaapp/createwxaqrcode (up to 128)."""
    path = call.body.get("path")
    longest = 1024 if call.path == "/wxa/getwxacode" else 128
    if not isinstance(path, str) or not 1 <= len(path) <= longest:
        raise Refused(40159)
    return _mini_picture(call, path, "")


def _mini_picture(call: Call, page: str, scene: str) -> Picture:
    width = call.body.get("width", 430)
    if call.body.get("env_version", "release") not in VERSIONS:
        raise Refused(40097)
    if isinstance(width, bool) or not isinstance(width, int) or not 280 <= width <= 1280:
        raise Refused(40097)
    text = "sandbox:wxacode?" + urlencode({"appid": call.app.appid, "page": page, "scene": scene})
    _remember(call, "wxacode", scene, text, page=page)
    return Picture(qr_png(text, width), "image/png")


def _remember(call: Call, kind: str, scene: str, url: str, *, page: str | None = None,
              expires_at: float | None = None, ticket: str | None = None) -> None:
    call.db.execute(
        "INSERT INTO scan_codes (ticket, app, kind, scene, page, url, created_at, expires_at) VALUES (?,?,?,?,?,?,?,?)",
        (ticket or platform_id("g", 64), call.app.name, kind, scene, page, url, call.now, expires_at),
    )


def scene_code(call: Call) -> dict:
    """POST /cgi-bin/qrcode/create."""
    action = call.body.get("action_name")
    if action not in ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"):
        raise Refused(40053)
    scene = _scene(call, by_text="STR" in action, permanent="LIMIT" in action)
    ticket, url = platform_id("gQ", 96), "http://weixin.qq.com/q/" + platform_id("0", 22)
    answer: dict[str, str | int] = {"ticket": ticket, "url": url}
    expires_at = None
    if "LIMIT" not in action:
        seconds = call.body.get("expire_seconds", 60)
        if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < 1:
            raise Refused(40053)
        seconds = min(seconds, LONGEST_TEMPORARY)
        expires_at = call.now + seconds
        answer["expire_seconds"] = seconds
    _remember(call, action, scene, url, ticket=ticket, expires_at=expires_at)
    return answer


def _scene(call: Call, *, by_text: bool, permanent: bool) -> str:
    info = call.part("action_info").get("scene")
    value = info.get("scene_str" if by_text else "scene_id") if isinstance(info, dict) else None
    if by_text and isinstance(value, str) and 1 <= len(value) <= 64:
        return value
    largest = 100_000 if permanent else 2**32 - 1
    if not by_text and isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= largest:
        return str(value)
    raise Refused(40053)


def show(call: Call) -> Picture:
    """GET /cgi-bin/showqrcode?ticket=: the picture, without a token."""
    row = call.db.execute("SELECT * FROM scan_codes WHERE ticket = ?", (call.query.get("ticket", ""),)).fetchone()
    if row is None:
        raise Refused(40066)
    return Picture(qr_png(row["url"]), "image/png")


def new_link(call: Call) -> dict:
    """POST /wxa/generate_urllink."""
    path, query = call.body.get("path", ""), call.body.get("query", "")
    if not isinstance(path, str) or "?" in path or not page_exists(call, path.lstrip("/")):
        raise Refused(40165)
    if not isinstance(query, str) or len(query) > 1024:
        raise Refused(40212)
    env = call.body.get("env_version", "release")
    if env not in VERSIONS:
        raise Refused(85402)
    expires_at = _link_end(call)
    url = "https://wxaurl.cn/" + platform_id("", 11)
    call.db.execute(
        "INSERT INTO links (url, app, path, query, env, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (url, call.app.name, path, query, env, call.now, expires_at),
    )
    return {"url_link": url}


def _link_end(call: Call) -> float:
    """`expire_type` 0: a moment; 1: days from now. Without either a link lives thirty days."""
    kind, interval, moment = (call.body.get(name) for name in ("expire_type", "expire_interval", "expire_time"))
    end = call.now + LONGEST_LINK
    if kind == 1 and interval is not None:
        if isinstance(interval, bool) or not isinstance(interval, int) or not 1 <= interval <= 30:
            raise Refused(85401)
        end = call.now + interval * 24 * 3600
    elif moment is not None:
        if isinstance(moment, bool) or not isinstance(moment, int | float):
            raise Refused(85401)
        end = moment
    if not 60 <= end - call.now <= LONGEST_LINK:
        raise Refused(85401)
    return end


def query_link(call: Call) -> dict:
    """POST /wxa/query_urllink: `query_type` 1 asks for the quota only."""
    if call.body.get("query_type", 0) == 1:
        return {"quota_info": {"remain_visit_quota": 3_000_000}}
    row = call.db.execute("SELECT * FROM links WHERE url = ?", (call.text("url_link", Refused(40097)),)).fetchone()
    if row is None or row["app"] != call.app.name or row["expires_at"] <= call.now:
        raise Refused(85403)
    return {"url_link_info": {
        "appid": call.app.appid, "path": row["path"], "query": row["query"], "create_time": int(row["created_at"]),
        "expire_time": int(row["expires_at"]), "env_version": row["env"],
    }}
