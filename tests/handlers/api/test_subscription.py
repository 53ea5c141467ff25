"""What is left of the subscribe messages, counted by kind."""

from app.rules.person import mini_identity, remember_subscription
from models.base import database, write


def left(said):
    return {one["kind"]: (one["remaining"], one["refused"]) for one in said[1]["subscriptions"]}


def test_what_is_left(door, client):
    wangdashan = door("wangdashan")
    with database.connection_context(), write():
        identity = mini_identity(client.town.person("wangdashan"))
        for _ in range(5):
            remember_subscription(identity, "case_assigned", True)
        remember_subscription(identity, "judge_please", False)
    said = wangdashan.get("/subscriptions")
    assert left(said) == {
        "case_assigned": (5, False), "case_reminder": (0, False), "case_progress": (0, False),
        "answer_waiting": (0, False), "judge_please": (0, True),
    }  # fmt: skip
    assert [len(one["template_id"]) for one in said[1]["subscriptions"]] == [43] * 5
