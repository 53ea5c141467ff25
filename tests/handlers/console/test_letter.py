"""Letters that did not arrive: 陈静 sees why and sends again; nobody from next door does."""

from app.rules import letter
from handlers.console.speech import REASONS
from models.base import now, write
from models.letter import Letter
from models.lifecycle import LETTER_STATES
from tests.handlers.console.conftest import queries, report, words_of


def lose(hall, state: str = "refused", outcome: str = "no_chat_budget", who: str = "zhanglan") -> Letter:
    """A letter about a case that ended without arriving."""
    case = report(hall, who)
    with write():
        letter.owe(
            kind="answer", person=hall.person(who), community=hall.community(), case=case, event=f"lost:{case.id}",
            content={"text": "师傅下午三点到"}, identity=hall.identity(who),
        )  # fmt: skip
    row = Letter.get(Letter.event == f"lost:{case.id}")
    Letter.update(state=state, outcome=outcome, ended_at=now()).where(Letter.id == row.id).execute()
    return Letter.get_by_id(row.id)


def test_nothing_lost_is_said_so(desk, hall):
    assert "没有未送达的消息。" in desk("chenjing").text("/letters")


def test_every_reason_is_told_in_plain_words(desk, hall):
    lose(hall)
    browser = desk("chenjing")
    for outcome, reason in REASONS.items():
        Letter.update(outcome=outcome).execute()
        # What was called off is not missed by anybody.
        listed = f"对方不接收 {reason}" in words_of(browser.text("/letters"))
        assert (outcome, listed) == (outcome, outcome != "called_off")


def test_a_reason_nobody_foresaw_is_told_too(desk, hall):
    lose(hall, "failed", "refused")
    assert "发送失败 微信平台暂时没有接收" in words_of(desk("chenjing").text("/letters"))


def test_only_what_ended_without_arriving_is_listed(desk, hall):
    lose(hall)
    browser, listed = desk("chenjing"), []
    for state in LETTER_STATES:
        Letter.update(state=state).where(Letter.kind == "answer").execute()
        listed += [state] if "师傅下午三点到" in browser.text("/letters") else []
    assert listed == ["refused", "expired", "failed", "uncertain"]


def test_what_another_channel_carried_on_is_not_listed(desk, hall):
    lost = lose(hall)
    with write():
        letter.fall_back(Letter.get_by_id(lost.id))
    Letter.update(follows=lost).where(Letter.id != lost.id).execute()
    assert "师傅下午三点到" not in desk("chenjing").text("/letters")


def test_sent_again_it_is_on_its_way(desk, hall):
    lost = lose(hall)
    answer = desk("chenjing").form(f"/letters/{lost.key}/resend", "/letters")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/letters")
    row = Letter.get_by_id(lost.id)
    assert (row.state, row.outcome, row.attempts) == ("owed", "", 0)


def test_one_that_may_have_arrived_warns_first(desk, hall):
    lose(hall, "uncertain", "sender_died")
    told = words_of(desk("chenjing").text("/letters"))
    assert "结果不明 发送中断，不知道对方收到没有" in told
    assert "这条可能已经送到。再发的话，对方可能收到两遍。" in told


def test_the_second_press_changes_nothing(desk, hall):
    lost, browser = lose(hall), desk("chenjing")
    answers = [browser.form(f"/letters/{lost.key}/resend", "/").status_code for _ in range(2)]
    assert answers == [303, 409]


def test_without_a_channel_there_is_no_button_and_no_way(desk, hall):
    lost = lose(hall, "failed", "no_way")
    Letter.update(identity=None, channel="none").where(Letter.id == lost.id).execute()
    browser = desk("chenjing")
    page = browser.text("/letters")
    assert "没有可用的渠道" in page and "/resend" not in page
    answer = browser.form(f"/letters/{lost.key}/resend", "/")
    assert (answer.status_code, Letter.get_by_id(lost.id).state) == (422, "failed")


def test_the_neighbour_sees_none_and_sends_none(desk, hall):
    lost, stranger = lose(hall), desk("hefang")
    assert "没有未送达的消息。" in stranger.text("/letters")
    assert stranger.form(f"/letters/{lost.key}/resend", "/").status_code == 404
    assert Letter.get_by_id(lost.id).state == "refused"


def test_the_subdistrict_reads_but_does_not_send(desk, hall):
    lost, above = lose(hall), desk("dengwei")
    page = above.text("/letters")
    assert "师傅下午三点到" in page and "/resend" not in page
    assert above.form(f"/letters/{lost.key}/resend", "/").status_code == 403


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(desk, hall):
    browser, counts = desk("chenjing"), []
    for who in ("zhanglan", "sunmei", "zhaoqiang"):
        lose(hall, who=who)
        with queries() as asked:
            browser.text("/letters")
        counts.append(len(asked))
    assert (counts[0], counts[2]) == (6, 6)
