"""A day at the doorstep, played through HTTP and the sandbox's phones, told line by line (tests/play.py: `make story`).

Nothing here touches the service from inside: residents and staff act on their phones (sandbox control API), the desk in
a browser's requests, and every step is checked by what somebody saw. Ends with 1 at the first step that fails.
"""

import base64
import contextlib
import io
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0


class StoryBroken(AssertionError):
    """A step did not have the effect that somebody should have seen."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def installation(port: int, folder: str, **environ: str) -> Iterator[str]:
    """`app.cli run` in its own process group on a port, with all state in a folder; gives its address."""
    env = {**os.environ, "PORT": str(port), "DATA": folder, "PYTHONUNBUFFERED": "1", **environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "run"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        else:
            raise StoryBroken("make run 没有起来：\n" + "".join(said[-20:]))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()


class Web:
    """Requests with cookies, as a browser or a program makes them."""

    def __init__(self, address: str):
        self.address = address
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def ask(self, path: str, body: object = None, headers: dict | None = None, method: str | None = None) -> str:
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, headers=headers or {}, method=method)
        if data is not None and not request.has_header("Content-type"):
            request.add_header("Content-Type", "application/json")
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise StoryBroken(f"{path} 答复 {error.code}：{error.read().decode()[:300]}") from error

    def json(self, path: str, body: object = None, **more) -> dict:
        return json.loads(self.ask(path, body, **more))


class Phone:
    """One person's phone in the sandbox."""

    def __init__(self, web: Web, key: str, name: str):
        self.web, self.key, self.name = web, key, name
        self.seen = web.json(f"/sandbox/control/phone/{key}")["seq"]

    def say(self, text: str, app: str = "official") -> None:
        self._send({"app": app, "type": "text", "content": text}, f"说：{text}")

    def send_photo(self, photo: bytes, app: str = "official") -> None:
        media = base64.b64encode(photo).decode()
        self._send({"app": app, "type": "image", "media": media, "filename": "photo.jpg"}, "发了一张照片")

    def scan(self, ticket: str) -> None:
        tell(self.name, "扫了屏幕上的二维码")
        self.web.json(f"/sandbox/control/phone/{self.key}/scan", {"ticket": ticket})

    def allow(self, templates: list[str]) -> None:
        answers = dict.fromkeys(templates, "accept")
        self.web.json(f"/sandbox/control/phone/{self.key}/subscribe", {"app": "mini", "answers": answers})

    def _send(self, body: dict, told: str) -> None:
        tell(self.name, told)
        self.web.json(f"/sandbox/control/phone/{self.key}/send", body)

    def sees(self, pattern: str, patience: float = PATIENCE) -> re.Match:
        """Wait until something new on this phone fits the pattern, and tell it."""

        def look() -> re.Match | None:
            for item in self.web.json(f"/sandbox/control/phone/{self.key}?after={self.seen}")["items"]:
                text = words_of(item)
                found = re.search(pattern, text)
                if item.get("from") == "them" and found:
                    self.seen = item["seq"]
                    tell(f"{self.name}的手机", text.replace("\n", " / "))
                    return found
            return None

        return until(look, f"{self.name}的手机上没有出现：{pattern}", patience)


def words_of(item: dict) -> str:
    """Everything one reads on an item of a phone."""
    fields = [f"{field['label']} {field['value']}" for field in item.get("fields") or []]
    return "\n".join(filter(None, [item.get("title"), item.get("text"), *fields]))


def until(look: Callable, problem: str, patience: float = PATIENCE):
    """Look again and again until there is something to see."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.25)
    raise StoryBroken(problem)


def tell(who: str, what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {who:　<8} {what}", flush=True)


def photograph(words: str, tint: tuple[int, int, int]) -> bytes:
    """A real JPEG with a camera's metadata (orientation and a place), as a phone would make it."""
    image = Image.effect_noise((1600, 1200), 60).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.ellipse((500, 300, 1100, 900), fill=tint, outline=(30, 30, 30), width=24)
    draw.text((600, 1000), words, fill=(255, 255, 255))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 46.0, 55.2), 3: "E", 4: (114.0, 21.0, 39.6)})
    target = io.BytesIO()
    image.save(target, "JPEG", quality=88, exif=exif)
    return target.getvalue()


class MiniProgram:
    """The mini-program on somebody's phone: the JSON API with a session of wx.login."""

    def __init__(self, phone: Phone):
        self.name, self.web = phone.name, Web(phone.web.address)
        code = self.web.json(f"/sandbox/control/phone/{phone.key}/login", {"app": "mini"})["code"]
        token = self.web.json("/api/v1/login", {"code": code})["token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def read(self, path: str) -> dict:
        return self.web.json(f"/api/v1{path}", headers=self.headers)

    def send(self, path: str, body: dict) -> dict:
        once = {"Idempotency-Key": secrets.token_hex(8)}
        return self.web.json(f"/api/v1{path}", body, headers=self.headers | once)

    def upload(self, path: str, field: str, data: bytes, kind: str) -> dict:
        """Send one file as the mini-program does: a form with one field."""
        edge = secrets.token_hex(12)
        head = f'Content-Disposition: form-data; name="{field}"; filename="file"\r\nContent-Type: {kind}'
        body = f"--{edge}\r\n{head}\r\n\r\n".encode() + data + f"\r\n--{edge}--\r\n".encode()
        form = {"Content-Type": f"multipart/form-data; boundary={edge}", "Idempotency-Key": secrets.token_hex(8)}
        return self.web.json(f"/api/v1{path}", body, headers=self.headers | form)

    def has_no(self, path: str) -> None:
        """For this person there is nothing at that address."""
        try:
            self.read(path)
        except StoryBroken as refused:
            if "答复 404" in str(refused):
                tell(f"{self.name}的小程序", f"{path} 没有这回事")
                return
        raise StoryBroken(f"{self.name}看到了不该看的：{path}")

    def bytes_of(self, path: str) -> bytes:
        with self.web.opener.open(urllib.request.Request(self.web.address + path, headers=self.headers)) as answer:
            return answer.read()


class Desk:
    """The community admin's browser at the console."""

    def __init__(self, address: str, phone: Phone):
        self.web, self.phone = Web(address), phone

    def sign_in(self) -> None:
        """Scan the code of the sign-in page with the own phone and type the number that stands beside it."""
        known = {code["ticket"] for code in self._codes()}
        page = self.web.ask("/console/signin")
        number = re.search(r'class="[^"]*signin-number[^"]*"[^>]*>\s*(\d{4})', page)
        if not number:
            raise StoryBroken("登录页上没有四位数字")
        fresh = [code for code in self._codes() if code["ticket"] not in known]
        self.phone.scan(fresh[0]["ticket"])
        self.phone.sees("四位数字")
        self.phone.say(number[1])
        self.phone.sees("已确认")
        until(lambda: "工作台" in self._after_poll(), "扫码后没有登录进工作台")
        tell(f"{self.phone.name}的电脑", "已登录工作台")

    def _codes(self) -> list[dict]:
        return [code for code in self.web.json("/sandbox/control/codes") if code.get("ticket")]

    def _after_poll(self) -> str:
        self.web.ask("/console/signin/state")
        return self.web.ask("/console/")

    def sees(self, path: str, *words: str) -> str:
        """Wait until a page of the console shows all these words."""
        page = until(
            lambda: (lambda text: text if all(word in text for word in words) else None)(self.web.ask(path)),
            f"工作台 {path} 没有显示：{'、'.join(words)}",
        )
        tell(f"{self.phone.name}的电脑", f"{path} 上看到：{'、'.join(words)}")
        return page


    def fills_in(self, page: str, action: str, **fields: str) -> str:
        """Fill in a form of a page and send it; what the console answers."""
        token = re.search(r'name="form_token" value="([^"]+)"', self.web.ask(page))[1]
        body = urllib.parse.urlencode({"form_token": token, **fields}).encode()
        return self.web.ask(action, body, headers={"Content-Type": "application/x-www-form-urlencoded"})


def play(address: str) -> Desk:
    """The manhole day; gives the desk at which the admin is signed in."""
    web = Web(address)
    resident = Phone(web, "zhanglan", "张兰")
    worker = Phone(web, "wangdashan", "王大山")
    admin = Phone(web, "chenjing", "陈静")
    templates = {
        app["name"]: {t["title"]: t["id"] for t in app["templates"]}
        for app in web.json("/sandbox/control/apps")["apps"]
    }
    tell("早上", "网格员王大山在小程序里点了“允许通知”")
    worker.allow([templates["mini"]["新任务提醒"], templates["mini"]["任务到期提醒"]])

    desk = Desk(address, admin)
    desk.sign_in()

    resident.say("3号楼门口井盖坏了")
    number = resident.sees(r"编号 #(\d+)：.*井盖")[1]
    resident.send_photo(photograph("before", (20, 20, 20)))
    resident.sees(f"照片已加到 #{number}")
    worker.sees(f"(?s)新任务.*#{number}")
    page = desk.sees("/console/cases", f"#{number}", "井盖")
    case_path = re.search(rf'href="(/console/cases/[a-z2-7]+)"[^>]*>\s*#{number}', page)
    desk.sees("/console/inbox", "张＊")

    worker.say(f"接单 {number}")
    worker.sees(f"已接单 #{number}")
    resident.sees("网格员已接单")
    worker.send_photo(photograph("open shaft", (10, 10, 10)))
    worker.sees("处理前的照片")
    worker.say(f"围护 {number} 已放警示桩")
    worker.sees("现场安全")
    resident.sees("现场已围护")

    resident.say("大概什么时候能修好？")
    admin.say(f"#{number} 师傅已在路上，今天下午换新井盖")
    admin.sees("已回复居民")
    resident.sees("【社区】.*师傅已在路上")

    worker.send_photo(photograph("new cover", (120, 120, 120)))
    worker.sees("处理后的照片")
    worker.say(f"办好 {number} 已换新井盖")
    worker.sees("正在请居民评价")
    resident.sees(f"(?s)#{number} .*解决了吗")
    resident.say("4 盖子还在响")
    resident.sees("重新办理")
    worker.sees(f"(?s)#{number}")
    worker.say(f"接单 {number}")
    worker.sees(f"已接单 #{number}")
    worker.send_photo(photograph("before again", (90, 90, 90)))
    worker.say(f"围护 {number}")
    worker.sees("现场安全")
    worker.send_photo(photograph("fixed", (140, 140, 140)))
    worker.sees("处理后的照片")
    worker.say(f"办好 {number} 加了减震垫")
    worker.sees("正在请居民评价")
    resident.sees(f"(?s)#{number} .*解决了吗")
    resident.say("1")
    resident.sees("已解决，满意")
    desk.sees(case_path[1], "已办结", "满意", "重办")
    resident.say(f"#{number}")
    resident.sees("已办结")
    look_back(Phone(web, "zhanglan", "张兰"), Phone(web, "hefang", "何芳"), int(number))
    neighbour, reporter = Phone(web, "sunmei", "孙梅"), Phone(web, "zhanglan", "张兰")
    keep_to_oneself(desk, MiniProgram(neighbour), MiniProgram(reporter), case_path[1])
    tell("晚上", f"#{number} 已由居民评价办结")
    return desk


def look_back(resident: Phone, stranger: Phone, number: int) -> None:
    """In the mini-program the reporter sees the whole course; the admin of the next community sees nothing of it."""
    mine = MiniProgram(resident)
    case = next(one for one in mine.read("/cases?mine=reported")["cases"] if one["number"] == number)
    whole = mine.read(f"/cases/{case['key']}")
    for step in whole["steps"]:
        note = f"：{step['note']}" if step["note"] else ""
        tell("张兰的小程序", f"{step['near']} {step['who']}{step['verb_words']}{note}")
    if not whole["photos"] or any("王大山" in str(step) for step in whole["steps"]):
        raise StoryBroken("时间线上没有照片，或者露出了工作人员的名字")
    photo = Image.open(io.BytesIO(mine.bytes_of(whole["photos"][0]["links"]["full"])))
    if photo.getexif() or photo.size != (1200, 1600):
        raise StoryBroken("照片没有转正，或者还带着拍摄信息")
    tell("张兰的小程序", f"照片 {len(whole['photos'])} 张，方向已转正，拍摄地点等信息已去掉")
    MiniProgram(stranger).has_no(f"/cases/{case['key']}")


def keep_to_oneself(desk: Desk, neighbour: MiniProgram, resident: MiniProgram, case: str) -> None:
    """孙梅 reports without her name; 陈静 sees names masked, gives a reason to see one, and 张兰 reads that she did."""
    words = "楼上半夜装修，不想让邻居知道是我说的"
    hidden = neighbour.send("/cases", {"words": words, "anonymous": True})
    desk.sees(f"/console/cases/{hidden['key']}", "匿名居民", words)
    if "孙梅" in desk.web.ask(f"/console/cases/{hidden['key']}"):
        raise StoryBroken("匿名上报露出了名字")
    desk.sees(case, "张＊", "138****0001")
    shown = desk.fills_in(case, f"{case}/reporter", reason="电话回访是否修好")
    if "13800000001" not in shown:
        raise StoryBroken("写了理由还是看不到联系方式")
    tell("陈静的电脑", "写明理由“电话回访是否修好”，看到了张兰的电话")
    readers = resident.read("/me/readers")["readers"]
    if not any("电话回访" in str(one) for one in readers) or "陈静" in str(readers):
        raise StoryBroken("张兰看不到谁看过她的信息，或者露出了工作人员的名字")
    tell("张兰的小程序", f"谁看过我的信息：{len(readers)} 条，最近一条的理由是“电话回访是否修好”")
