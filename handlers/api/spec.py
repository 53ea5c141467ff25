"""The last touch to /openapi.json: what every operation shares, and the two bodies that are no JSON.

Every way in which an operation can refuse is listed, with the one shape all refusals have.
"""

from app.rules.deed import DEEDS

ERROR = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "string", "description": "Stable, for programs.", "examples": ["not_found"]},
                "message": {"type": "string", "description": "Chinese, for people: what to do."},
                "fields": {
                    "type": "object",
                    "additionalProperties": {"type": "string"},
                    "description": "What is wrong with which input, by its dotted path.",
                },
            },
        }
    },
}

REFUSALS = {
    "400": "Not a request we can read: broken JSON, NaN, a name given twice.",
    "401": "No session, or one that has ended: log in again.",
    "403": "Visible, but not this person's to do.",
    "404": "Does not exist, or not for this person; which of the two is not told.",
    "409": "The state forbids it, somebody was faster, or the Idempotency-Key was used for another request.",
    "413": "Larger than is read.",
    "415": "Not a content type this operation takes.",
    "422": "A field is wrong; `fields` names it.",
    "429": "Too often; see Retry-After.",
    "502": "WeChat did not answer.",
    "503": "Busy; see Retry-After.",
}
#: Path parameters with few values.
CHOICES = {"verb": {"enum": list(DEEDS)}, "decision": {"enum": ["confirm", "refuse"]}}
PHOTO_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object", "required": ["photo"],
                "properties": {"photo": {"type": "string", "format": "binary", "contentMediaType": "image/*"}},
            }
        },
        "image/*": {"schema": {"type": "string", "format": "binary"}},
    },
}  # fmt: skip
VOICE_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object", "required": ["voice"],
                "properties": {"voice": {"type": "string", "format": "binary", "contentMediaType": "audio/*"}},
            }
        },
    },
}  # fmt: skip
#: What comes in otherwise than as JSON.
BODIES = {"addPhoto": PHOTO_BODY, "addVoice": VOICE_BODY}


def finish(spec: dict) -> dict:
    """Complete the description APIFlask made of the views."""
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    schemas["Error"] = ERROR
    spec["info"]["description"] = (
        "家门口：居民上报、社区处理、居民评价。所有拒绝都是 {error: {code, message, fields}}；时间是 UTC（RFC 3339）。"
    )
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            _finish_one(path, method, operation)
    return spec


def _finish_one(path: str, method: str, operation: dict) -> None:
    if operation.get("operationId") in BODIES:
        operation["requestBody"] = BODIES[operation["operationId"]]
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    for status in _refusals_of(path, method, operation):
        operation["responses"][status] = {
            "description": REFUSALS[status],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "header":
            parameter["name"] = parameter["name"].title()
        if parameter["in"] == "path":
            parameter |= {"required": True, "description": "Public; one that never was and a foreign one are both 404."}
            parameter["schema"] |= {"minLength": 1, **CHOICES.get(parameter["name"], {})}


def _refusals_of(path: str, method: str, operation: dict) -> list[str]:
    """Which refusals an operation can give: what its security, body, path and platform calls bring along."""
    wanted = {"422", "429", "503"} | ({"400", "413", "415"} if "requestBody" in operation else set())
    if operation.get("security"):
        wanted |= {"401", "403"}
    if method != "get":
        wanted.add("409")
    if "{" in path:
        wanted.add("404")
    if operation.get("operationId") in ("login", "setPhone"):
        wanted |= {"404", "502"}
    return sorted(wanted)
