"""Log in with what wx.login gives, see where one is logged in, log out."""

from datetime import datetime, timedelta

from flask import g, request
from pydantic import Field

from app.context import here
from app.gateway.wechat import GatewayError
from app.guard import actor, guarded, signed_in
from app.rules import person, session
from app.rules.actor import actor_of
from app.rules.refusal import NotFound, Refusal
from handlers.api.blueprint import api, named, the
from handlers.api.me import me_of
from handlers.api.reading import Body
from handlers.api.shapes import HomeOut, PersonOut, RoleOut, SessionOut, SessionsOut
from models.base import now, write
from models.session import Session
from pydantic import BaseModel

#: The platform's words for a code that is wrong, too old or used up: the person only has to try again.
BAD_CODE = frozenset({"invalid_code", "code_used"})


class LoginIn(Body):
    code: str = Field(min_length=1, max_length=128, description="What wx.login gave, good once within five minutes.")
    account: str | None = Field(default=None, max_length=32, description="Which mini-program; by default the first.")


class LoginOut(BaseModel):
    token: str = Field(description="Send it as `Authorization: Bearer <token>`. It is told only here.")
    expires_at: datetime
    person: PersonOut
    roles: list[RoleOut]
    homes: list[HomeOut]


@api.post("/login")
@api.doc(operation_id="login")
@guarded("session.open")
@api.input(LoginIn, arg_name="body")
@api.output(LoginOut)
def login(body: LoginIn):
    """Open a session

    The person behind the code is made on first sight.
    """
    context = here()
    context.limit("login", request.remote_addr or "")
    account = body.account or context.account_of_kind("miniprogram")
    if account not in context.wechat or context.settings.wechat.accounts[account].kind != "miniprogram":
        raise Refusal("account_unknown", "没有这个小程序。", {"account": "没有这个小程序"})
    with code_refused():
        found = context.wechat[account].code_to_session(body.code)
    lasts = timedelta(days=context.settings.sessions.api_days)
    with write():
        identity = person.meet(account=account, kind="miniprogram", openid=found.openid, unionid=found.unionid)
        opened, token = session.open_session(
            identity.person, door="api", lasts=lasts, agent=request.user_agent.string, address=request.remote_addr or ""
        )
    me = me_of(actor_of(identity.person))
    return LoginOut(token=token, expires_at=opened.expires_at, **dict(me))
