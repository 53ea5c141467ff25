"""One-time codes of the platform: one that is wrong, too old or used up is the sender's to mend, not our failure."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.gateway.wechat import GatewayError
from app.rules.refusal import Refusal

BAD_CODE = frozenset({"invalid_code", "code_used"})


@contextmanager
def code_refused() -> Iterator[None]:
    """Around a call that spends a code. Raises Refusal `code_invalid`; other failures of the platform pass."""
    try:
        yield
    except GatewayError as error:
        if error.reason not in BAD_CODE:
            raise
        raise spent() from None


def spent() -> Refusal:
    """What is said of such a code."""
    return Refusal("code_invalid", "微信凭证已失效，请重试一次。", {"code": "已失效"})
