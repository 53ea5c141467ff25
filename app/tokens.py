"""Access tokens kept in the database: one value with its deadline, and one lease for whoever fetches the next.

Implements app.gateway.tokens.TokenStore; the guarded UPDATE is the lock: it holds across threads, processes
and hosts.
"""

import secrets
import time

from app.gateway.tokens import Token
from models.wechat_token import WechatToken


class DatabaseTokens:
    """See TokenStore. Times are unix seconds."""

    def read(self, appid: str) -> Token | None:
        row = WechatToken.get_or_none(WechatToken.appid == appid)
        return Token(row.value, row.deadline) if row and row.value else None

    def claim(self, appid: str, seconds: float) -> str | None:
        fence, moment = secrets.token_hex(8), time.time()
        WechatToken.insert(appid=appid).on_conflict_ignore().execute()
        free = (WechatToken.appid == appid) & (WechatToken.lease_until <= moment)
        won = WechatToken.update(fence=fence, lease_until=moment + seconds).where(free).execute()
        return fence if won else None

    def store(self, appid: str, fence: str, token: Token) -> bool:
        mine = (WechatToken.appid == appid) & (WechatToken.fence == fence)
        return bool(WechatToken.update(value=token.value, deadline=token.deadline).where(mine).execute())

    def release(self, appid: str, fence: str) -> None:
        mine = (WechatToken.appid == appid) & (WechatToken.fence == fence)
        WechatToken.update(lease_until=0, fence=None).where(mine).execute()
