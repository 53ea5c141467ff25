"""How a rule says no: a stable code for programs and a Chinese sentence that tells the person what to do."""


class Refusal(Exception):
    """A rule was asked for something that may not happen. `fields` names the inputs that are wrong, if any."""

    def __init__(self, code: str, message: str, fields: dict[str, str] | None = None):
        super().__init__(code)
        self.code = code
        self.message = message
        self.fields = fields or {}


class NotFound(Refusal):
    """It does not exist for this person; whether it exists for others is not told."""

    def __init__(self, message: str = "没有找到，或您无权查看。"):
        super().__init__("not_found", message)


class Forbidden(Refusal):
    """The person may see it but may not do this to it."""

    def __init__(self, message: str = "您没有做这件事的权限。需要的话请联系社区管理员。"):
        super().__init__("forbidden", message)


class Conflict(Refusal):
    """Somebody else was faster, or the state does not allow it any more."""

    def __init__(self, message: str, code: str = "conflict"):
        super().__init__(code, message)
