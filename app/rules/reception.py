"""Which community is spoken to: the home, what was named or pointed at, the last talk, else the reception desk."""

from app.rules import conversation as talk
from app.rules.actor import Actor
from app.rules.locate import compound_named, nearest_compound
from app.rules.refusal import Refusal
from app.rules.setting import keep
from models.conversation import Conversation, Draft, Line
from models.person import Identity, Person
from models.place import Place


def conversation_for(
    identity: Identity, actor: Actor, *, default: str, text: str = "", point: tuple[float, float] | None = None
) -> Conversation:
    """The conversation in which a message of this identity belongs.

    `default` is the code of the community that receives whoever cannot be placed. A report that is being told moves
    along when the person only now says that it is about another community. Raises Refusal `no_reception`.
    """
    person = actor.person
    if actor.home is not None:
        home = actor.home
        return talk.open_with(person, keep(("place", home.community_id), lambda: home.community), identity)
    told = _told(text, point)
    draft = _open_draft(person)
    if draft is not None and (told is None or told == draft.conversation.community):
        return talk.open_with(person, draft.conversation.community, identity)
    community = told or _last(person) or by_code(default)
    conversation = talk.open_with(person, community, identity)
    if draft is not None:
        Draft.update(conversation=conversation).where(Draft.id == draft.id).execute()
        Line.update(conversation=conversation).where(Line.draft == draft).execute()
    return conversation


def _told(text: str, point: tuple[float, float] | None) -> Place | None:
    compound = nearest_compound(point) if point else (compound_named(text) if text else None)
    return compound.community if compound else None


def _open_draft(person: Person) -> Draft | None:
    return (
        Draft.select(Draft, Conversation, Place)
        .join(Conversation)
        .join(Place, on=(Conversation.community == Place.id))
        .where(Conversation.person == person, Draft.state == "open")
        .order_by(Draft.id.desc())
        .first()
    )


def _last(person: Person) -> Place | None:
    row = Conversation.select().where(Conversation.person == person).order_by(Conversation.last_at.desc()).first()
    return row.community if row else None


def by_code(code: str) -> Place:
    """The reception desk named in the settings; without one, the only community there is."""
    query = Place.select().where(Place.kind == "community", Place.active)
    found = list((query.where(Place.code == code) if code else query).limit(2))
    if len(found) != 1:
        raise Refusal("no_reception", "暂时无法确定您所在的社区，请在小程序“我的”里绑定住址后再试。")
    return found[0]
