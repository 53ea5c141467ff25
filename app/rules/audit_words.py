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
    "case.escalate": "无人接单，自动改派", "case.extend": "延期",
    "case.plan": "挂账", "case.resume": "恢复办理",
    "case.plan_note": "写挂账进展", "case.contact": "联系居民",
    "calendar.read": "查看工作日历", "calendar.write": "导入工作日历",
    "case.hand_over": "转交其他单位", "case.hand_in": "办好后交核查", "case.pass_check": "核查通过",
    "case.rework": "核查不通过，返工", "case.skip_check": "无人核查，请居民评价",
    "case.unchecked": "没有人可核查，直接请居民评价",
    "case.keep": "决定不重办", "case.ask": "请居民补充", "case.answer": "居民补充",
    "question.withdraw": "取消向居民的提问", "question.lapse": "提问到期没有回答",
    "case.alike": "与已有的一件放在一起", "case.apart": "确定不是同一件", "case.merge": "合并到另一件",
    "case.absorb": "并入一件", "case.unmerge": "取消合并", "case.part": "分出一件", "case.object": "居民不同意合并",
    "topic.propose": "提出频发问题", "topic.take": "列入议题", "topic.dismiss": "不列入议题",
    "topic.settle": "议题有了结果", "topic.decide": "处理频发问题",
    "topic.read": "查看频发问题",
    "case.visit": "打开事项", "case.withdraw": "撤回上报",
    "case.grab": "抢单", "case.offer": "请网格员抢单", "case.transfer": "转给同事", "route.read": "查看分派规则",
    "route.write": "修改分派规则",
    "case.follow": "说“我也遇到了”", "case.unfollow": "不再关注", "voice.add": "上传录音",
    "category.read": "查看类别", "category.write": "修改类别", "case.classify": "定类别",
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
    "case.exclude": "不予考核", "statistics.read": "查看统计数字", "incident.raise": "上报突发事件",
    "improvement.read": "查看整治台账", "improvement.write": "登记整治台账", "improvement.record": "登记整治成果",
    "improvement.withdraw": "撤销一条整治成果",
    "task_force.read": "查看专班", "task_force.write": "管理专班", "task_force.create": "成立专班",
    "task_force.end": "结束专班", "task_force.join": "报名参加专班", "task_force.decide": "决定专班报名",
    "task_force.leave": "退出专班", "task_force.add_unit": "把单位加进专班", "task_force.remove_unit": "把单位移出专班",
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
    "case.split": "分办事项", "subcase.ask": "请人分办", "subcase.accept": "接受分办",
    "subcase.refuse": "对分办提出异议",
    "subcase.insist": "裁定仍由其办理", "subcase.drop": "取消分办", "subcase.arrive": "到场报到",
    "subcase.plan": "报分办计划", "subcase.finish": "办完分办", "subcase.redo": "请再办", "subcase.rate": "评价分办",
    "subcase.renew": "更换单位链接", "subcase.link": "查看单位链接", "subcase.read": "查看分办",
    "subcase.act": "答复分办",
    "subcase.decide": "裁定分办", "whistle.blow": "吹哨", "whistle.confirm": "确认吹哨", "whistle.refuse": "不同意吹哨",
    "whistle.cancel": "取消吹哨", "whistle.close": "办结吹哨", "unit.join": "添加单位", "unit.leave": "单位退出",
    "unit.serve": "修改单位管的事", "unit.contact": "添加单位联系人", "unit.contact_end": "取消单位联系人",
    "unit.write": "管理单位", "unit.link": "打开单位链接",
    "task.list": "查看任务", "veil.lift": "查看匿名上报人", "worker.list": "查看网格员名单",
}  # fmt: skip
RESULTS = {
    "done": "已办", "refused": "已拒绝", "asked": "等另一人同意", "nobody": "没有人收到",
    "broken": "核对不上", "failed": "没有成功", "alone": "一人办理",
}  # fmt: skip
#: What the results look like at the desk: (tone, shape).
SIGNS = {"done": ("done", "tick"), "asked": ("wait", "half"), "refused": ("late", "cross")}
DOORS = {
    "api": "小程序", "console": "工作台", "chat": "微信对话", "link": "单位链接", "job": "系统", "cli": "服务器命令行",
}  # fmt: skip
#: Names inside before, after and detail.
FIELDS = {
    "state": "状态", "verb": "动作", "why": "原因", "number": "编号", "rows": "条数", "kind": "种类", "way": "方式",
    "door": "入口", "handler": "经办人", "was": "原状态", "begin": "从第几条", "until": "到第几条", "at": "第几条",
    "newcomer": "并入的资料", "person": "对象", "deed": "做了什么", "confirmed": "是否确认", "role": "岗位",
    "conditions": "条件", "target": "去处", "position": "第几条", "what": "改了什么",
    "workers": "请了谁", "checks": "检查项数", "problems": "有问题的项数", "needs": "需求条数",
    "excluded": "不予考核", "second": "第二人", "quantity": "数量", "compound": "小区", "told": "通知人数",
    "category": "类别", "zone": "在哪一种地方", "condition": "立案条件", "limits": "时限",
    "near_metres": "多少米内算同一处", "public": "邻居能看到", "active": "启用", "keywords": "关键词数",
    "negative": "排除词数",
    "version": "版本", "unit": "办理单位", "about_unit": "被反映单位", "about": "被反映的人",
}  # fmt: skip
#: What the values of some of them mean.
VALUES: dict[str, dict[str, str]] = {
    "state": CASE_STATES | {"handled": "已办好，等居民评价"}, "verb": CASE_VERBS,
    "kind": ROLES | VISITS, "role": PARTS, "why": {
        "forbidden": "没有这项权限", "not_found": "不归本人看或不存在", "budget_spent": "当天查看住户已达上限",
        "changed": "内容被改动", "missing": "内容不见了", "gap": "缺号", "head": "与公布的链头不同",
    },
    "what": {"add": "新增", "edit": "修改", "switch": "启用或停用", "move": "调整顺序", "delete": "删除"},
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
