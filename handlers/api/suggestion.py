"""What kind of matter it may be, said while somebody still types: nothing is kept of it."""

from pydantic import BaseModel, Field

from app.context import here
from app.guard import actor, signed_in
from app.rules import suggestion
from app.rules.refusal import NotFound
from handlers.api.blueprint import api, named
from handlers.api.case import community_of
from handlers.api.reading import Body, Key
from handlers.api.shapes import CategoryOut


class WordsIn(Body):
    community: Key
    words: str = Field(max_length=2500, examples=["3号楼门口井盖坏了"])
    picture_words: str = Field(
        default="", max_length=2500, description="What a picture was recognised to show; counts less than the words."
    )


class SuggestionOut(BaseModel):
    category: CategoryOut
    because: str = Field(description='For people: "您说到“井盖”".')


class SuggestionsOut(BaseModel):
    suggestions: list[SuggestionOut] = Field(description="The best first, at most three; empty when nothing fits.")


@api.post("/suggestions")
@named("suggestCategories")
@signed_in("category.read")
@api.input(WordsIn, arg_name="body")
@api.output(SuggestionsOut)
def suggest_categories(body: WordsIn):
    """Which categories the words speak of, and why

    A POST because words do not belong into an address; nothing is changed or kept.
    """
    here().limit("lines", actor().person.key)
    community = community_of(body.community)
    if community is None:
        raise NotFound()
    found = suggestion.suggestions(community=community, words=body.words, picture_words=body.picture_words)
    return {
        "suggestions": [{"category": CategoryOut.of(one.category), "because": one.because} for one in found]
    }
