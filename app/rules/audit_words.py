"""What stands in the audit log, in Chinese: one catalogue of deeds, results, doors and reasons."""

from app.rules.wording import PARTS
from models.lifecycle import CASE_STATES, CASE_VERBS
from models.role import ROLES
from models.visit import KINDS as VISITS

DEEDS = {
    "alert.read": "查看提醒", "alert.see": "核实提醒",
    "approval.ask": "申请另一人同意", "approval.approve": "同意一项申请", "approval.decide": "决定一项申请",
    "approval.lapse": "申请过期", "approval.refuse": "不同意一项申请", "approval.withdraw": "撤回一项申请",
    "audit.check": "全链核对审计日志", "audit.export": "导出审计日志", "audit.read": "查看审计日志",
    "case.accept": "接单", "case.close": "结案", "case.confirm": "评价事项", "case.dispatch": "派单",
    "case.export": "导出事项清单", "case.handle": "办好事项", "case.hide_name": "匿名上报",
    "case.involve": "请单位参与", "case.lapse": "无人评价，自动结案", "case.list": "查看事项列表",
    "case.make_safe": "现场围护", "case.note": "补充说明", "case.read": "查看事项",
    "case.read_party": "查看涉及本人的事项",
    "case.read_public": "查看事项公开部分", "case.read_unit": "查看交办本单位的事项", "case.reject": "不予受理",
    "case.reopen": "要求重办", "case.report": "上报事项", "case.return_back": "退回任务",
    "case.see_place": "查看准确地点", "case.see_reporter": "查看上报人", "case.tell": "告知被反映的一方",
    "case.unheard": "任务没有人能收到",
    "case.visit": "打开事项", "case.withdraw": "撤回上报",
    "case.follow": "说“我也遇到了”", "case.unfollow": "不再关注", "voice.add": "上传录音",
    "category.read": "查看类别",
    "consent.publish": "发布告知书", "consent.read": "查看同意记录", "consent.write": "同意或撤回同意",
    "conversation.answer": "以社区名义答复", "conversation.read": "查看对话", "conversation.speak": "在对话里说话",
    "credential.write": "更改登录方式",
    "delegation.ask": "申请代办", "delegation.decide": "决定代办申请", "delegation.end": "结束代办",
    "delegation.list": "查看代办",
    "desk.read": "进入工作台", "desk.setup": "设置首位管理员",
    "export.fetch": "下载导出的文件",
    "glass.break": "紧急查看", "glass.review": "复核紧急查看",
    "household.ask": "申请绑定住址", "household.bind": "绑定住址", "household.code": "发放绑定码",
    "household.leave": "搬走或撤回住址申请",
    "inbox.read": "打开对话箱", "letter.read": "查看未送达消息", "letter.resend": "再发一次消息",
    "me.erase": "申请删除个人信息", "me.export": "申请个人信息副本", "me.read": "查看本人资料",
    "me.readers": "查看谁看过我的信息", "me.write": "修改本人资料",
    "notice.read": "查看公告", "notice.send": "发布公告", "notice.withdraw": "撤回公告",
    "owner.verify": "核验业主",
    "patrol.item": "查看巡查项目", "patrol.make": "登记巡查", "patrol.read": "查看巡查记录",
    "person.age": "说明年龄段", "person.erase": "删除个人信息", "person.export": "制作个人信息副本",
    "person.export_fetch": "下载个人信息副本", "person.join": "合并同一个人的两份资料",
    "person.modified": "微信资料变更", "person.phone": "登记手机号", "person.rename": "改称呼",
    "person.reveal": "查看完整姓名电话", "person.search": "按姓名或手机号查找", "person.revoke": "微信撤回授权",
    "photo.add": "上传照片", "photo.read": "查看照片", "place.read": "查看地点", "recording.read": "听录音",
    "residence.confirm": "确认住户申请", "residence.list": "查看住户申请",
    "role.appoint": "任命岗位", "role.appoint_admin": "任命管理员", "role.end": "撤销岗位",
    "retention.apply": "清理到期的资料",
    "session.end": "退出登录", "session.list": "查看登录记录", "session.open": "登录", "session.renew": "更换登录凭据",
    "signin.password": "用密码登录",
    "case.whistle": "申请吹哨", "grid.read": "查看网格", "place.code": "制作上报码", "unit.list": "查看单位名单",
    "visit.list": "查看走访列表", "visit.make": "登记走访", "visit.read": "查看一户的走访记录",
    "task.list": "查看任务", "veil.lift": "查看匿名上报人", "worker.list": "查看网格员名单",
}  # fmt: skip
RESULTS = {
    "done": "已办", "refused": "已拒绝", "asked": "等另一人同意", "nobody": "没有人收到",
    "broken": "核对不上", "failed": "没有成功", "alone": "一人办理",
}  # fmt: skip
#: What the results look like at the desk: (tone, shape).
SIGNS = {"done": ("done", "tick"), "asked": ("wait", "half"), "refused": ("late", "cross")}
DOORS = {"api": "小程序", "console": "工作台", "chat": "微信对话", "job": "系统", "cli": "服务器命令行"}
#: Names inside before, after and detail.
FIELDS = {
    "state": "状态", "verb": "动作", "why": "原因", "number": "编号", "rows": "条数", "kind": "种类", "way": "方式",
    "door": "入口", "handler": "经办人", "was": "原状态", "begin": "从第几条", "until": "到第几条", "at": "第几条",
    "newcomer": "并入的资料", "person": "对象", "deed": "做了什么", "confirmed": "是否确认", "role": "岗位",
    "checks": "检查项数", "problems": "有问题的项数", "needs": "需求条数",
    "version": "版本", "unit": "办理单位", "about_unit": "被反映单位", "about": "被反映的人",
}  # fmt: skip
#: What the values of some of them mean.
VALUES: dict[str, dict[str, str]] = {
    "state": CASE_STATES | {"handled": "已办好，等居民评价"}, "verb": CASE_VERBS,
    "kind": ROLES | VISITS, "role": PARTS, "why": {
        "forbidden": "没有这项权限", "not_found": "不归本人看或不存在", "budget_spent": "当天查看住户已达上限",
        "changed": "内容被改动", "missing": "内容不见了", "gap": "缺号", "head": "与公布的链头不同",
    },
    "way": {"wechat": "微信", "qr": "扫码", "password": "密码", "setup": "初始设置码"},
}  # fmt: skip


def deed(action: str) -> str:
    """What was done, or asked for and refused."""
    return DEEDS.get(action, action)


def result(name: str) -> str:
    """What came of it."""
    return RESULTS.get(name, name)


def part(role: str) -> str:
    """The part somebody played; nothing for who had none there."""
    return PARTS.get(role, role) if role else ""


def facts(values: object) -> str:
    """The states and keys of a row, as one reads them: "状态 已派给网格员，等待接单，编号 1023"."""
    if not isinstance(values, dict):
        return "" if values is None else str(values)
    return "，".join(f"{FIELDS.get(name, name)} {_value(name, value)}" for name, value in sorted(values.items()))


def _value(name: str, value: object) -> str:
    known = VALUES.get(name, {})
    return known.get(value, str(value)) if isinstance(value, str) else str(value)
