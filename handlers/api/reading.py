"""How the API reads: strict types, bounded size, one clear refusal that names every wrong field in Chinese.

APIFlask's own pydantic reader takes JSON of any size, type or depth and answers in its own shape; this one takes its
place (see blueprint.py) and reads what our views ask for: a JSON body, query parameters, headers.
"""

import json
from typing import Annotated, Any, NoReturn

from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.context import here
from app.rules.refusal import Refusal

#: The longest JSON body: the longest words we take, each character escaped, and room for the rest.
JSON_BYTES = 65_536
MOST_FIELDS = 20

REMARKS = {
    "missing": "必填",
    "extra_forbidden": "不认识这一项，请去掉",
    "string_type": "应当是文字",
    "string_unicode": "含有不能识别的字符",
    "string_too_short": "不能为空或太短",
    "string_too_long": "太长了，最多 {max_length} 个字",
    "string_pattern_mismatch": "格式不对",
    "int_type": "应当是整数",
    "float_type": "应当是数字",
    "finite_number": "应当是普通的数字",
    "bool_type": "应当是 true 或 false",
    "list_type": "应当是列表",
    "too_long": "太多了，最多 {max_length} 个",
    "too_short": "太少了",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "不在可选的范围里",
    "model_type": "应当是一个对象",
    "dict_type": "应当是一个对象",
}


class Body(BaseModel):
    """A JSON body: types as they are written, no unknown names, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, allow_inf_nan=False)


class Query(Body):
    """Query parameters; all of them arrive as text, see Whole."""


def _whole(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else value


#: A whole number in a query: plain digits, no sign, no blanks.
Whole = Annotated[int, BeforeValidator(_whole)]
#: A public key of ours.
Key = Annotated[str, Field(min_length=1, max_length=32, pattern="^[0-9A-Za-z]+$", examples=["mzqxeyjtgrsw2l3c"])]


class Once(BaseModel):
    """The header by which a repeated request has one effect: any text of one's own, the same when it is sent again."""

    model_config = ConfigDict(strict=True)
    idempotency_key: str = Field(min_length=8, max_length=80, pattern="^[!-~]+$", examples=["2f6d1c0e-7b1a"])


class MaybeOnce(BaseModel):
    """The same, for requests that are safe to repeat anyway because the state then forbids the second."""

    model_config = ConfigDict(strict=True)
    idempotency_key: str | None = Field(default=None, min_length=8, max_length=80, pattern="^[!-~]+$")


class StrictReading(PydanticAdapter):
    """Reads one part of a request into its model, or refuses it."""

    def validate_input(self, request: Request, location: str, **kwargs: Any) -> BaseModel:
        """Raises BadRequest, UnsupportedMediaType, TooLarge, or Refusal `invalid` with the fields."""
        given = {"json": _json, "query": _query, "headers": self._headers}[location](request)
        try:
            return self.model_class.model_validate(given)
        except ValidationError as error:
            raise Refusal("invalid", "有内容填得不对，请改正后再试。", fields_of(error, location)) from None

    def _headers(self, request: Request) -> dict[str, str]:
        found = {name: request.headers.get(name.replace("_", "-")) for name in self.model_class.model_fields}
        return {name: value for name, value in found.items() if value is not None}


def _json(request: Request) -> object:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType()
    try:
        return json.loads(here().read_body(JSON_BYTES), parse_constant=_no_number, object_pairs_hook=_no_repetition)
    except (ValueError, RecursionError):
        raise BadRequest() from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _no_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Two values of one name: readers would disagree about which one counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _query(request: Request) -> dict[str, object]:
    """Every parameter once; one given twice stays a list, which no field takes."""
    try:
        given = request.args
    except UnicodeDecodeError:  # bytes that are no UTF-8, not even written as percents
        raise BadRequest() from None
    return {name: values[0] if len(values) == 1 else values for name, values in given.lists()}


def fields_of(error: ValidationError, location: str = "json") -> dict[str, str]:
    """What is wrong with which field, by its dotted path; at most twenty of them, names cut short."""
    found = {}
    for one in error.errors(include_url=False, include_input=False)[:MOST_FIELDS]:
        name = ".".join(str(step) for step in one["loc"])[:80].encode("utf-8", "replace").decode() or "body"
        if location == "headers":
            name = name.replace("_", "-").title()
        found[name] = REMARKS.get(one["type"], "填得不对").format(**one.get("ctx", {}))
    return found
