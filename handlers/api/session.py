"""Log in with what wx.login gives, see where one is logged in, log out."""

from datetime import datetime, timedelta

from flask import g, request
from pydantic import BaseModel, Field

from app.context import here
from app.guard import actor, guarded, idle_after, signed_in
from app.rules import person, receipt, session
from app.rules.actor import actor_of
from app.rules.refusal import NotFound, Refusal
from handlers.api.blueprint import api, named, the
from handlers.api.me import me_of
from handlers.api.platform_code import code_refused, spent
from handlers.api.reading import Body
from handlers.api.shapes import HomeOut, PersonOut, RoleOut, SessionOut, SessionsOut
from models.base import write
from models.session import Session


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

    The person behind the code is made on first sight. A code opens one session, whatever the platform says of it.
    """
    context = here()
    context.limit("login", request.remote_addr or "")
    account = body.account or context.account_of_kind("miniprogram") or ""
    if account not in context.wechat or context.settings.wechat.accounts[account].kind != "miniprogram":
        raise Refusal("account_unknown", "没有这个小程序。", {"account": "没有这个小程序"})
    with code_refused():
        found = context.wechat[account].code_to_session(body.code)
    lasts = timedelta(days=context.settings.sessions.api_days)
    with write():
        identity = person.meet(account=account, kind="miniprogram", openid=found.openid, unionid=found.unionid)
        if not receipt.use_once(identity.person, f"login:{session.digest(body.code)}"):
            raise spent()
        opened, token = session.open_session(
            identity.person, door="api", way="wechat", lasts=lasts, agent=request.user_agent.string,
            address=request.remote_addr or "",
        )  # fmt: skip
    me = me_of(actor_of(identity.person))
    return LoginOut(token=token, expires_at=opened.expires_at, **dict(me))


class RenewedOut(BaseModel):
    token: str = Field(description="It is told only here.")
    expires_at: datetime


@api.post("/logout")
@api.doc(operation_id="logout", security="bearer", responses={204: "Ended at once."})
@signed_in("session.end")
def logout():
    """End this session"""
    with write():
        session.end_session(g.session, actor=actor())
    return "", 204


@api.get("/sessions")
@named("listSessions")
@signed_in("session.list")
@api.output(SessionsOut)
def list_sessions():
    """Where one is logged in, the newest first, at most fifty"""
    rows = session.live_of(actor().person, idle_after()).limit(50)
    return {
        "sessions": [
            SessionOut(
                key=row.key, door=row.door, way=row.way, agent=row.agent, address=row.address,
                created_at=row.created_at, seen_at=row.seen_at, current=row.id == g.session.id,
            )
            for row in rows
        ]
    }


@api.post("/sessions/renew")
@named("renewSession")
@signed_in("session.end")
@api.output(RenewedOut)
def renew():
    """Change the token of this session

    The old one opens nothing from now on; the session ends when it would have ended.
    """
    with write():
        token = session.renew(g.session, actor=actor())
    return {"token": token, "expires_at": g.session.expires_at}


@api.delete("/sessions/<key>")
@api.doc(operation_id="endSession", security="bearer", responses={204: "Ended at once."})
@signed_in("session.end")
def end_session(key: str):
    """End one of one's own sessions, as that of a lost phone"""
    row = the(Session, key)
    if row.person_id != actor().person.id or row.ended_at is not None:
        raise NotFound()
    with write():
        session.end_session(row, actor=actor())
    return "", 204
