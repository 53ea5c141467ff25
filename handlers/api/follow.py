"""我也遇到了: follow what a neighbour has reported, or no longer."""

from pydantic import BaseModel, Field

from app.guard import actor, signed_in
from app.rules import follow
from app.rules.nearby import Near
from handlers.api.blueprint import api, named, the
from handlers.api.case import with_labels
from handlers.api.nearby import NearsOut, nears
from handlers.api.once import answer_once
from handlers.api.reading import Body, MaybeOnce
from models.case import Case


class FollowedOut(BaseModel):
    followed: bool
    followers: int = Field(description="How many follow it now.")


class _Nothing(Body):
    pass


@api.post("/cases/<key>/follow")
@named("followCase")
@signed_in("case.follow")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.output(FollowedOut)
def follow_case(key: str, once: MaybeOnce):
    """Say 我也遇到了: one is told when it is done and when it ends

    Said again it stays as it is. 422 for one's own report, 409 for what is done already.
    """
    return answer_once(once, _Nothing(), lambda: _follow(the(Case, key)))


@api.delete("/cases/<key>/follow")
@named("unfollowCase")
@signed_in("case.visit")
@api.input(MaybeOnce, location="headers", arg_name="once")
@api.output(FollowedOut)
def unfollow_case(key: str, once: MaybeOnce):
    """Follow it no longer"""
    return answer_once(once, _Nothing(), lambda: _unfollow(the(Case, key)))


@api.get("/follows")
@named("listFollows")
@signed_in("case.list")
@api.output(NearsOut)
def list_follows():
    """What I follow, the newest first, at most a hundred; also what is done by now"""
    who = actor()
    rows = with_labels().where(follow.followed_by(who)).order_by(Case.id.desc()).limit(follow.MOST)
    return {"cases": nears([Near(row, "") for row in rows], who)}


def _follow(case: Case) -> FollowedOut:
    follow.follow(case, actor=actor())
    return FollowedOut(followed=True, followers=follow.followers([case]).get(case.id, 0))


def _unfollow(case: Case) -> FollowedOut:
    follow.unfollow(case, actor=actor())
    return FollowedOut(followed=False, followers=follow.followers([case]).get(case.id, 0))
