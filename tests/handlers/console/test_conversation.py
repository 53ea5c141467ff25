"""陈静 answers 张兰: the longest wait stands first, an answer is kept, owed and seen; 何芳 next door hears nothing."""

import re
from datetime import timedelta

from app.rules import conversation as talk
from models.base import now, write
from models.case import Case
from models.conversation import Conversation, Line
from models.letter import Letter
from models.person import Identity
from models.role import Role
from tests.handlers.console.conftest import ask, queries, report, token_in, words_of


def people(page: str) -> list[str]:
    """The names of the list of conversations, in its order."""
    return re.findall(r'href="/console/inbox/\w{16}"[^>]*>(.*?)</a>', page)


def said(page: str) -> list[str]:
    """The bubbles of a conversation, in their order."""
    bubbles = re.findall(r'<div class="bubble">(.*?)</div>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", bubble).split()) for bubble in bubbles]


def answer(browser, conversation: Conversation, text: str, headers: dict | None = None, **fields: str):
    return browser.form(f"/inbox/{conversation.key}", "/inbox", headers, text=text, **fields)


def test_an_empty_inbox_says_so(desk, hall):
    assert "还没有对话。" in desk("chenjing").text("/inbox")


def test_who_waits_longest_stands_first_and_the_answered_after(desk, hall):
    first = ask(hall, "zhanglan")
    ask(hall, "sunmei")
    ask(hall, "zhaoqiang")
    browser = desk("chenjing")
    answer(browser, first, "师傅下午到")
    assert people(browser.text("/inbox")) == ["孙＊", "赵＊", "张＊"]


def test_the_answered_go_on_page_by_page(desk, hall):
    conversation = ask(hall)
    rows = [dict(person=hall.person("sunmei"), community=conversation.community)]
    Conversation.insert_many(rows).execute()
    Conversation.update(waiting_since=None).execute()
    browser = desk("chenjing")
    newest, older = people(browser.text("/inbox"))
    cursor = Conversation.get(Conversation.person == hall.person("sunmei"))
    assert [newest, older] == ["孙＊", "张＊"]
    assert people(browser.text(f"/inbox?before={cursor.key}")) == ["张＊"]


def test_a_conversation_shows_its_lines_with_their_cases(desk, hall):
    case, conversation = report(hall), ask(hall)
    with write():
        talk.hear(conversation, text="灯还没有修", case=case)
    page = desk("chenjing").text(f"/inbox/{conversation.key}")
    assert said(page) == ["请问师傅什么时候来？", "灯还没有修"]
    assert f'<a class="chip" href="/console/cases/{case.key}">#{case.number}</a>' in page
    assert "幸福家园 3号楼 2单元 ＊ · 138****0001" in words_of(page)


def test_the_neighbours_admin_finds_no_such_conversation(desk, hall):
    conversation, stranger = ask(hall), desk("hefang")
    line = conversation.lines.get()
    for path in ("", "/fresh", f"/lines/{line.key}", f"/lines/{line.key}/voice.amr"):
        assert stranger.get(f"/inbox/{conversation.key}{path}").status_code == 404
    assert stranger.form(f"/inbox/{conversation.key}", text="您好").status_code == 404
    assert people(stranger.text("/inbox")) == []
    assert Line.select().count() == 1


def test_a_worker_has_no_inbox(desk, hall):
    assert desk("wangdashan").get("/inbox").status_code == 403


def test_an_answer_is_kept_owed_and_ends_the_waiting(desk, hall):
    case, conversation = report(hall), ask(hall)
    sent = answer(desk("chenjing"), conversation, "师傅下午三点到", case=case.key)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/console/inbox/{conversation.key}")
    line = Line.get(Line.author == "community")
    assert (line.text, line.case, line.speaker) == ("师傅下午三点到", case, hall.person("chenjing"))
    assert Letter.get(Letter.line == line).state == "owed"
    assert Conversation.get_by_id(conversation.id).waiting_since is None
    page = desk("chenjing").text(f"/inbox/{conversation.key}")
    assert said(page)[-1] == "师傅下午三点到"
    assert "待发送" in words_of(page)


def test_a_live_page_gets_the_composer_back_empty(desk, hall):
    sent = answer(desk("chenjing"), ask(hall), "好的", headers={"HX-Request": "true"})
    assert (sent.status_code, sent.headers["HX-Trigger"]) == (200, "said")
    assert re.search(r"<textarea[^>]*></textarea>", sent.text)
    assert "<html" not in sent.text


def test_an_empty_answer_is_refused_beside_its_field(desk, hall):
    for headers in ({}, {"HX-Request": "true"}):
        sent = answer(desk("chenjing"), ask(hall), "  ", headers=headers)
        assert sent.status_code == 422
        assert "请写点什么再发送。" in sent.text
    assert Line.select().where(Line.author == "community").count() == 0


def test_an_answer_about_somebody_elses_case_is_refused(desk, hall):
    foreign = report(hall, "sunmei")
    sent = answer(desk("chenjing"), ask(hall), "好的", case=foreign.key)
    assert sent.status_code == 422
    assert "请从这位居民的事项里选一件。" in sent.text


def test_an_answer_from_another_site_is_refused(desk, hall):
    conversation = ask(hall)
    sent = answer(desk("chenjing"), conversation, "好的", headers={"Origin": "https://elsewhere.example"})
    assert sent.status_code == 403
    assert Line.select().where(Line.author == "community").count() == 0


def test_before_sending_one_knows_whether_it_will_arrive(desk, hall):
    conversation, browser = ask(hall), desk("chenjing")
    told = words_of(browser.text(f"/inbox/{conversation.key}"))
    assert "已超过48小时：会改发服务通知，提醒对方点开看" in told
    Identity.update(followed=False).execute()
    told = words_of(browser.text(f"/inbox/{conversation.key}"))
    assert "现在送不到：先存下，等对方下次来信就送达；急事请打电话" in told


def standing(page: str) -> tuple[str, str, int]:
    """How long one has waited and whether an answer arrives, as a page says it; how many of the two replace others."""
    waited = re.search(r'<span id="waited"[^>]*>(<span.*?</span></span>)?</span>', page, re.S)[0]
    reach = re.search(r'<p id="reach".*?</p>', page, re.S)[0]
    words = [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in (waited, reach)]
    return words[0], words[1], (waited + reach).count('hx-swap-oob="true"')


def open_window(hall, who: str = "zhanglan", account: str = "official", left: int = 5) -> None:
    Identity.update(window_until=now() + timedelta(hours=48), replies_left=left).where(
        Identity.id == hall.identity(who, account).id
    ).execute()


def test_after_an_answer_nobody_waits_and_one_message_fewer_is_left(desk, hall):
    conversation, browser = ask(hall), desk("chenjing")
    open_window(hall)
    Conversation.update(waiting_since=now() - timedelta(minutes=7)).execute()
    address = f"/inbox/{conversation.key}"
    assert standing(browser.text(address)) == ("等了 7 分钟", "48小时窗口内，还能回 5 条", 0)
    sent = answer(browser, conversation, "师傅下午到", headers={"HX-Request": "true"})
    assert standing(sent.text) == ("", "48小时窗口内，还能回 4 条", 1)
    assert standing(browser.text(address)) == ("", "48小时窗口内，还能回 4 条", 0)
    Letter.update(state="sent").execute()
    open_window(hall, left=4)
    assert standing(browser.text(address))[1] == "48小时窗口内，还能回 4 条"


def test_when_the_resident_speaks_again_the_open_page_says_so(desk, hall):
    conversation, browser = ask(hall), desk("chenjing")
    answer(browser, conversation, "师傅下午到")
    last = Line.select().order_by(Line.id.desc()).get()
    with write():
        talk.hear(conversation, text="几点？", wants_answer=True)
    open_window(hall)
    page = browser.text(f"/inbox/{conversation.key}/fresh?after={last.key}")
    left = 5 - Letter.select().where(Letter.channel == "chat", Letter.state == "owed").count()
    assert (left, standing(page)) == (4, ("刚刚来信", "48小时窗口内，还能回 4 条", 2))


def test_what_is_owed_may_take_all_that_is_left(desk, hall):
    conversation, browser = ask(hall), desk("chenjing")
    open_window(hall, left=1)
    sent = answer(browser, conversation, "师傅下午到", headers={"HX-Request": "true"})
    assert standing(sent.text)[1] == "已超过48小时：会改发服务通知，提醒对方点开看"


def test_a_long_message_is_clipped_in_the_lists_and_whole_in_the_talk(desk, hall):
    conversation, browser = ask(hall, text="灯" * 2000), desk("chenjing")
    for page in ("/", "/inbox"):
        assert re.findall("灯+…?", browser.text(page)) == ["灯" * 59 + "…"]
    assert said(browser.text(f"/inbox/{conversation.key}")) == ["灯" * 2000]


def test_only_what_is_new_is_fetched(desk, hall):
    conversation, browser = ask(hall), desk("chenjing")
    first = conversation.lines.get()
    address = f"/inbox/{conversation.key}/fresh?after={first.key}"
    assert browser.get(address).status_code == 204
    with write():
        talk.hear(conversation, text="家里有老人")
    assert said(browser.text(address)) == ["家里有老人"]


def test_a_line_on_its_way_is_asked_for_more_and_more_seldom(desk, hall):
    conversation, browser = ask(hall), desk("chenjing")
    answer(browser, conversation, "好的")
    line = Line.get(Line.author == "community")
    address = f"/inbox/{conversation.key}/lines/{line.key}"
    assert 'hx-trigger="load delay:2s"' in browser.text(address)
    assert 'hx-trigger="load delay:60s"' in browser.text(f"{address}?wait=48")
    Letter.update(state="sent").execute()
    assert "hx-get" not in browser.text(address)
    assert "已送达微信" in browser.text(address)


def test_why_a_line_did_not_arrive_stands_under_it(desk, hall):
    conversation, browser = ask(hall), desk("chenjing")
    answer(browser, conversation, "好的")
    Letter.update(state="refused", outcome="no_chat_budget").execute()
    told = words_of(browser.text(f"/inbox/{conversation.key}"))
    assert "对方不接收 超过48小时没有来信，或5条回复已用完" in told


def test_a_voice_is_heard_by_the_communitys_admin(desk, hall):
    conversation, browser = ask(hall), desk("chenjing")
    hall.context.files.put("voices/abc.amr", b"#!AMR\n", "audio/amr")
    voice = {"kind": "voice", "text": "灯坏了", "recording": "voices/abc.amr"}
    line = Line.create(conversation=conversation, author="resident", **voice)
    heard = browser.get(f"/inbox/{conversation.key}/lines/{line.key}/voice.amr")
    assert (heard.data, heard.mimetype) == (b"#!AMR\n", "audio/amr")


def test_a_voice_that_is_not_there_is_not_found(desk, hall):
    conversation = ask(hall)
    line = conversation.lines.get()
    assert desk("chenjing").get(f"/inbox/{conversation.key}/lines/{line.key}/voice.amr").status_code == 404


def test_a_role_that_ended_ends_the_reading_at_once(desk, hall):
    conversation, browser = ask(hall), desk("chenjing")
    browser.text("/inbox")
    Role.update(ends_at=Role.starts_at).where(Role.person == hall.person("chenjing")).execute()
    assert browser.get(f"/inbox/{conversation.key}").status_code == 403


def test_the_inbox_asks_the_same_number_of_questions_for_one_and_for_three(desk, hall):
    browser, lists, talks = desk("chenjing"), [], []
    for who in ("zhanglan", "sunmei", "zhaoqiang"):
        conversation = ask(hall, who)
        with write():
            talk.hear(conversation, text="还没有来", case=report(hall, who))
        with queries() as asked:
            browser.text("/inbox")
        lists.append(len(asked))
    for _ in range(3):
        with write():
            talk.hear(conversation, text="在吗", case=Case.get(Case.reporter == conversation.person))
            talk.answer(conversation, actor=hall.actor("chenjing"), text="在的")
        with queries() as asked:
            browser.text(f"/inbox/{conversation.key}")
        talks.append(len(asked))
    assert (lists[0], lists[2]) == (8, 8)
    # The first look at somebody counts how many people one has looked at today.
    assert talks == [19, 18, 18]


def test_the_form_token_is_in_the_composer(desk, hall):
    page = desk("chenjing").text(f"/inbox/{ask(hall).key}")
    composer = page.partition('<form id="composer"')[2]
    assert token_in(composer) == token_in(page)
