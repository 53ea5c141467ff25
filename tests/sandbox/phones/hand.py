"""What one does with a phone in the browser, and what the accounts do to it, in short words."""

from playwright.sync_api import Locator, Page

from tests.sandbox.street import CASE, Street

TASK = "TASKtaskTASKtaskTASKtaskTASKtaskTASKtask123"
MINI_ID = "wx1111111111111111"


def write(page: Page, words: str) -> None:
    """Type into the open chat and press Enter."""
    page.get_by_role("textbox").fill(words)
    page.get_by_role("textbox").press("Enter")


def bubbles(page: Page, who: str) -> Locator:
    """The bubbles of "me" or "them", without how their delivery stands."""
    return page.locator(f".row.{who} .bubble")


def reach_for(page: Page, tool: str) -> None:
    """Open what else a phone can send and choose from it."""
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name=tool, exact=True).click()


def answer(page: Page, words: str) -> None:
    """Press one of the buttons of the open window."""
    page.get_by_role("dialog").get_by_role("button", name=words).click()


def tell(street: Street, person: str, msgtype: str, **content: object) -> None:
    """The official account writes to somebody who has written to it within 48 hours."""
    body = {"touser": street.openid(person, "official"), "msgtype": msgtype, msgtype: content}
    assert street.post("/cgi-bin/message/custom/send", body, app="official")["errcode"] == 0


def notify(street: Street, person: str, thing: str = "3号楼门口井盖坏了") -> None:
    """The mini-program sends its progress notice, which the person has accepted before."""
    street.do(person, "subscribe", app="mini", answers={CASE: "accept"})
    data = {"thing1": {"value": thing}, "time2": {"value": "2026-11-23 17:30"}}
    body = {"touser": street.openid(person), "template_id": CASE, "page": "pages/case/case?id=7f", "data": data}
    assert street.post("/cgi-bin/message/subscribe/send", body)["errcode"] == 0
