"""More of the day, as a city handles it: units that are whistled for, illegal building stopped the same day, silence.

Played after the manhole day by tests/story.py; every step is checked by what somebody saw.
"""

import contextlib
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

from tests.story import Desk, MiniProgram, Phone, StoryBroken, Web, photograph, tell

#: Whom the community calls for a building that grows: the first of them leads.
FOUR = ("城管执法中队", "安居物业", "供电服务站", "市政养护所")


#: No holiday is longer, weekends around it included.
REST_DAYS = 11


class UnitPage:
    """The page that somebody of a unit opens by its link: no account, no cookie."""

    def __init__(self, web: Web, unit: str, path: str):
        self.web, self.unit, self.path = Web(web.address), unit, path

    def sees(self, *words: str) -> str:
        page = self.web.ask(self.path)
        missing = [word for word in words if word not in page]
        if missing:
            raise StoryBroken(f"{self.unit}的页面上没有：{'、'.join(missing)}")
        tell(self.unit, f"在链接里看到：{'、'.join(words)}")
        return page

    def says(self, verb: str, who: str, photo: bytes | None = None, **fields: str) -> None:
        """Fill in one form of the page and send it."""
        page = self.web.ask(self.path)
        hidden = {
            name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("form_token", "version")
        }  # fmt: skip
        edge = "doorstep-story"
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in {**hidden, "who": who, **fields}.items()]  # fmt: skip
        if photo:
            head = 'Content-Disposition: form-data; name="photo"; filename="photo.jpg"\r\nContent-Type: image/jpeg'
            parts.append(f"--{edge}\r\n{head}\r\n\r\n".encode() + photo + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        self.web.ask(f"{self.path}/{verb}", body, headers={"Content-Type": f"multipart/form-data; boundary={edge}"})
        tell(self.unit, f"{who}：{fields.get('note') or verb}")

    def is_gone(self) -> None:
        """The link does not open any more."""
        try:
            self.web.opener.open(urllib.request.Request(self.web.address + self.path), timeout=20)
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                tell(self.unit, "旧链接打不开了")
                return
        raise StoryBroken(f"{self.unit}的旧链接还能打开")


def link_of(desk: Desk, case: str, piece: dict) -> UnitPage:
    """The admin opens the link of a unit at the desk and sends it by the own WeChat."""
    page = desk.fills_in(f"/console/cases/{case}", f"/console/subcases/{piece['key']}/link")
    found = re.search(r"https?://[^\s<\"]+(/u/[^\s<\"&]+)", page)
    if not found:
        raise StoryBroken("工作台上没有给单位的链接")
    return UnitPage(desk.web, piece["party"], found[1])


def four_units(desk: Desk, web: Web) -> None:
    """违建当天处置: a neighbour builds, four units are called, the lead stops it, one objects, all in an afternoon."""
    resident, worker = Phone(web, "zhanglan", "张兰"), Phone(web, "wangdashan", "王大山")
    admin, street = Phone(web, "chenjing", "陈静"), Phone(web, "dengwei", "邓伟")
    mine, works, manages = MiniProgram(resident), MiniProgram(worker), MiniProgram(admin)
    tell("下午", "张兰看见隔壁在楼顶私搭乱建，挡了光")
    case = mine.send("/cases", {"words": "4号楼顶层有人正在私搭乱建，挡了我家的光", "category": "illegal_construction"})
    key, number = case["key"], case["number"]
    worker.sees(rf"(?s)新任务.*#{number}")
    works.send(f"/cases/{key}/accept", {"note": ""})
    works.send(f"/cases/{key}/whistle", {"note": "要执法，社区没有执法权"})
    admin.sees(rf"(?s)提醒.*#{number}")
    units = {one["name"]: one["key"] for one in manages.read(f"/communities/{case['community']['key']}/units")["units"]}
    called = [{"unit": units[name], "lead": name == FOUR[0], "words": ""} for name in FOUR]
    why = {"kind": "enforcement", "reason": "楼顶正在搭建，请到场制止"}
    blown = manages.send(f"/cases/{key}/whistles", {**why, "units": called})
    if blown["state"] != "blown" or len(blown["calls"]) != 4:
        raise StoryBroken("四个单位没有都吹到")
    tell("陈静的手机", f"吹哨：{'、'.join(FOUR)}，{blown['calls'][0]['near']}")
    pieces = {one["party"]: one for one in blown["calls"]}
    lead, property_, power, roads = (link_of(desk, key, pieces[name]) for name in FOUR)
    if "张兰" in lead.sees("牵头", "楼顶正在搭建", "幸福家园") or "张兰" in power.sees("请您答复"):
        raise StoryBroken("单位看到了居民的名字")
    lead.says("accept", "周立新", note="二十分钟到")
    lead.says("arrive", "周立新", photograph("roof", (90, 60, 60)), mode="onsite", note="正在砌墙，已责令停工")
    property_.says("arrive", "马师傅", mode="onsite", note="已封住上楼顶的门")
    power.says("accept", "高工", note="配合断掉施工用电")
    power.says("arrive", "高工", mode="remote", note="已远程断电")
    power.says("finish", "高工", note="施工用电已断")
    roads.says("refuse", "林工", note="楼顶不归市政养护")
    objection = works.read(f"/subcases/{pieces[FOUR[3]]['key']}")
    tell("邓伟的手机", f"{FOUR[3]}提出异议：{objection['steps'][-1]['note']}")
    judge = MiniProgram(street)
    judge.send(f"/subcases/{pieces[FOUR[3]]['key']}/drop", {"note": "异议成立，不用来了"})
    roads.sees("已取消")
    lead.says("finish", "周立新", photograph("roof clear", (120, 120, 130)), note="当场停工，材料已清走，立案调查")
    property_.says("finish", "马师傅", note="楼顶门已换锁")
    ratings = [{"subcase": pieces[name]["key"], "rating": 5} for name in FOUR[:3]]
    manages.send(f"/whistles/{blown['key']}/close", {"result": "当天停工清料，执法中队立案", "ratings": ratings})
    lead.says("rate", "周立新", rating="5", note="叫得准")
    photo = works.upload("/photos", "photo", photograph("roof after", (140, 140, 140)), "image/jpeg")["key"]
    works.send(f"/cases/{key}/handle", {"note": "执法中队已制止并立案", "photos": [photo]})
    resident.sees(rf"(?s)#{number} .*解决了吗")
    choices = mine.read(f"/cases/{key}/judgement")
    answers = [one["code"] for one in choices["answers"] if "satisfied" in one["satisfactions"]][:1]
    said = {"satisfaction": "satisfied", "aspects": {"speed": "satisfied"}, "answers": answers, "note": "当天就停了"}
    closed = mine.send(f"/cases/{key}/confirm", said)
    tell("张兰的小程序", f"评价：{closed['satisfaction_words']}，{closed['judgement']['answers'][0]['words']}")
    desk.sees(f"/console/cases/{key}", "城管执法中队", "牵头", "已办结", "社区评 5 分", "单位评 5 分")


def until_day(phone: Phone, pattern: str, pass_time: Callable[[str], None]) -> None:
    """Let day after day pass until somebody sees it: working hours stand still on rest days."""
    for _ in range(REST_DAYS):
        pass_time("1d")
        with contextlib.suppress(StoryBroken):
            phone.sees(pattern, 8)
            return
    phone.sees(pattern)


def three_days(desk: Desk, web: Web, pass_time: Callable[[str], None]) -> None:
    """Nobody answers for three days: it moves to the next worker, to the community, to the street, and all are told."""
    resident, first = Phone(web, "zhanglan", "张兰"), Phone(web, "wangdashan", "王大山")
    second, admin, street = Phone(web, "liuyang", "刘洋"), Phone(web, "chenjing", "陈静"), Phone(web, "dengwei", "邓伟")
    mine = MiniProgram(resident)
    case = mine.send("/cases", {"words": "5号楼2单元楼道堆满纸箱，过不去人", "category": "corridor_clutter"})
    number = case["number"]
    first.sees(rf"(?s)新任务.*#{number}")
    tell("一整天", "王大山没有回应")
    until_day(second, rf"(?s)新任务.*#{number}", pass_time)
    resident.sees(rf"#{number}.*(换|改派|安排)")
    tell("第二天", "刘洋也没有回应")
    until_day(admin, rf"(?s)#{number}", pass_time)
    tell("第三天", "社区也没有人管")
    until_day(street, rf"(?s)#{number}", pass_time)
    shown = mine.read(f"/cases/{case['key']}")
    moved = [step["verb_words"] for step in shown["steps"] if step["verb"] == "escalate"]
    if len(moved) != 3:
        raise StoryBroken(f"三天里应当升级三次，实际 {len(moved)} 次")
    tell("张兰的小程序", f"三天里自动改派、上报 {len(moved)} 次，每次都告诉了她")


def figures(desk: Desk) -> None:
    """In the evening the desk shows the rates with what they are a share of."""
    desk.sees("/console/statistics", "响应率", "解决率", "满意率", "重办率")


def alarm(web: Web) -> None:
    """上报突发事件: one tap, and from the grid to the district everybody knows."""
    worker, admin = Phone(web, "wangdashan", "王大山"), Phone(web, "chenjing", "陈静")
    answer = MiniProgram(Phone(web, "zhanglan", "张兰")).send("/incidents", {"kind": "gas"})
    if not answer["warning"].startswith("请先拨打") or answer["told"] < 3:
        raise StoryBroken("突发事件没有先提醒打电话，或者没有通知到人")
    tell("张兰的小程序", f"{answer['warning']} 已通知 {answer['told']} 人，编号 #{answer['number']}")
    worker.sees(rf"#{answer['number']}")
    admin.sees(rf"#{answer['number']}")
