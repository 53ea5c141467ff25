"""The rooms that are not entered every hour, on one page, each with what it is for and what waits there."""

from flask import render_template

from app.guard import actor, at_desk
from app.rules import approval, rights
from app.rules.actor import Actor
from handlers.console import approval as approvals
from handlers.console import reveal, scope

#: Endpoint, name, the right that opens it, and what one does there.
ROOMS = (
    ("notices", "公告", "notice.send", "停水停电、安全提醒、会议和社务公开，发给社区、小区或一栋楼"),
    ("approvals", "待复核", "approval.decide", "两个人办的事：别人提出，您看过再同意"),
    ("alerts", "安全提醒", "alert.read", "谁紧急查看了身份、谁一天看了太多住户"),
    ("delegations", "家人代办", "delegation.decide", "子女替老人、监护人替孩子办事，由社区确认"),
    ("households", "绑定码", "household.code", "给住户一个码，在微信里绑定自己的家"),
    ("place_codes", "扫码上报", "place.code", "给小区和楼栋一个小程序码，扫一扫就能上报"),
    ("routes", "分派规则", "route.read", "什么样的事派给谁，从上到下第一条对上的说了算"),
    ("whistles", "吹哨", "subcase.decide", "请了哪些单位、谁还没有到场、谁晚了"),
    ("units", "单位", "unit.write", "物业、部门和共建单位：管哪些事、谁联系、加入和退出"),
    ("topics", "频发问题", "topic.read", "同一个小区反复出现的问题，建议放到家门口议事会上商量"),
    ("improvements", "整治台账", "improvement.read", "补绿、修路、清楼道，做成了什么、在哪个小区、有多少"),
    ("task_forces", "创城专班", "task_force.read", "一个小区一个专班：报名、成员、四条规矩落实得怎样"),
    ("roles", "人员", "role.appoint", "谁在什么岗位，任命和免去"),
    ("exports", "导出清单", "case.export", "把事项导成表格，要两个人同意，只能下载一次"),
    ("categories", "类别", "category.write", "居民能报什么、听哪些词、多久办结，城市管理的分类和立案条件"),
    ("extensions", "延期挂账", "case.extend", "谁申请、谁同意、延到什么时候，正在挂账的有哪些"),
    ("calendar", "工作日历", "calendar.read", "放假和调休安排、各社区的办公时间，每年导入一次"),
    ("audit", "审计", "audit.read", "谁在什么时候看过什么、办过什么，谁也改不了"),
    ("security", "登录与安全", "credential.write", "密码、动态口令，以及在哪些电脑上登录着"),
)
#: Every page that lies in one of these rooms.
ENDPOINTS = (
    *(name for name, *_ in ROOMS), "decide_delegation", "household_code", "place_code", "appoint", "ask_export",
    "category", "write_category", "classes",
    "choose_password", "confirm_password", "compose_notice", "preview_notice", "publish_notice", "notice",
    "preview_calendar", "load_calendar",
    "new_route", "route", "try_routes",
    "add_improvement", "withdraw_improvement", "create_task_force", "task_force", "end_task_force", "join_task_force",
    "add_task_force_unit", "decide_task_force",
)  # fmt: skip


@at_desk("desk.read")
def index() -> str:
    """The rooms this person may enter."""
    who = actor()
    found = [(name, words, what) for name, words, action, what in ROOMS if rights.may(who, action)]
    return render_template("console/rooms.html", found=found, waits=waits(who))


def waits(who: Actor) -> dict[str, int]:
    """How much waits for this person in rooms one seldom enters."""
    found = {}
    if rights.may(who, "approval.decide"):
        rows = approvals.rows(scope.communities(who, "approval.decide"))
        found["approvals"] = sum(approval.may_decide(one, who) for one in rows)
    if rights.may(who, "alert.read"):
        found["alerts"] = reveal.unseen(who)
    return {name: count for name, count in found.items() if count}
