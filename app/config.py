"""From config.toml, the secrets file and the environment to one frozen Settings, or to a list of all that is wrong.

config_reading gathers the values, config_shape and config_values say what each may be, config_checks judges what
depends on several of them or on the machine. load() never stops at the first mistake: whoever installs this sees all of
them at once, one plain Chinese sentence each, naming the setting and the remedy, never the value, which may be secret.
"""

import base64
import contextlib
import copy
import difflib
import os
import secrets
import string
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from app.config_checks import check
from app.config_reading import Place, Reading, read, secrets_path, type_at
from app.config_shape import Account, Settings, Template

__all__ = ["Account", "ConfigError", "Settings", "Template", "load", "make_demo_secrets", "make_secrets"]

_REMARKS = {
    "missing": "没有写，请补上",
    "int_type": "应当是整数，请改正（不加引号）",
    "float_type": "应当是数字，请改正（不加引号）",
    "bool_type": "应当是 true 或 false，请改正（不加引号）",
    "string_type": "应当是文字，请加上引号",
    "tuple_type": "应当是方括号里的列表，请改正",
    "mapping_type": "应当是一节设置，请写成方括号开头的一节",
    "model_type": "应当是一节设置，请写成方括号开头的一节",
    "string_too_short": "不能留空，请补上",
    "too_short": "不能留空，请补上",
    "greater_than": "必须大于 {gt:g}，请改正",
    "greater_than_equal": "不能小于 {ge:g}，请改正",
    "less_than_equal": "不能大于 {le:g}，请改正",
    "finite_number": "应当是普通的数字，请改正",
}


class ConfigError(Exception):
    """The settings cannot be used; mistakes holds one Chinese sentence for each thing to correct."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def load(path: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check all settings.

    path: the configuration file; without it the one named by DOORSTEP_CONFIG, else config.toml beside the source.
    Raises ConfigError with every mistake found.
    """
    reading = read(path, environ)
    if not reading.usable:
        raise ConfigError(reading.mistakes)  # without the file, everything else would be a consequence
    settings = _built(reading)
    for place, remark in check(settings, environ):
        if not reading.has_told(place):
            reading.complain(place, remark)
    if reading.mistakes:
        raise ConfigError(reading.mistakes)
    return settings


def _built(reading: Reading) -> Settings:
    """Settings of all that is valid; what is not is reported and left out, so that later checks can still be made."""
    values = copy.deepcopy(reading.values)
    while True:
        try:
            return Settings.model_validate(values)
        except ValidationError as error:
            for each in error.errors(include_url=False, include_input=False):
                place = tuple(str(step) for step in each["loc"] if step != "[key]")
                _report(reading, place, each)
                _drop(values, place)


def _report(reading: Reading, place: Place, error: Any) -> None:
    if reading.has_told(place):
        return
    context = error.get("ctx", {})
    if error["type"] == "extra_forbidden":
        reading.complain(place, f"不认识，{_nearest(place)}")
    elif error["type"] == "value_error":
        reading.complain(place, str(context["error"]))
    elif error["type"] == "literal_error":
        choices = context["expected"].replace("'", '"').replace(" or ", " 或 ").replace(", ", "、")
        reading.complain(place, f"只能是 {choices}，请改正")
    else:
        remark = _REMARKS.get(error["type"], "写得不对，请对照源代码里的 config.toml 改正")
        reading.complain(place, remark.format(**context))


def _nearest(place: Place) -> str:
    section = type_at(place[:-1])
    known = list(section.model_fields) if isinstance(section, type) and issubclass(section, BaseModel) else []
    near = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.5)
    return f"是不是想写 {'.'.join((*place[:-1], near[0]))}？请改正" if near else "请删掉它"


def _drop(values: dict[str, Any], place: Place) -> None:
    """Take out the value at a place, or, where it is missing, the section that lacks it."""
    here: Any = values
    for step in place[:-1]:
        if not isinstance(here, dict) or not isinstance(here.get(step), dict):
            break
        here = here[step]
    else:
        if place[-1] in here:
            del here[place[-1]]
            return
    _drop(values, place[:-1])


def make_demo_secrets(path: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Before load() on a demo machine: give it fresh random secrets unless it has a secrets file already.

    Returns the path of the secrets file, or None when the settings are unreadable or not those of a demo.
    """
    reading = read(path, environ)
    accounts = reading.values.get("wechat", {}).get("accounts", {})
    if reading.mistakes or reading.values.get("mode", "demo") != "demo":
        return None
    make_secrets(secrets_path(reading), accounts)
    return secrets_path(reading)


def make_secrets(path: Path, accounts: Iterable[str]) -> None:
    """Write a secrets file (mode 0600) with random values for the named accounts, unless the file exists.

    The file appears whole or not at all, also when two processes start at once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Hexadecimal digits never look like one of the placeholder words that are refused.
    lines = ["[secrets]", f'key = "{secrets.token_hex(32)}"']
    for name in accounts:
        lines += ["", f"[wechat.accounts.{name}]", f'secret = "{secrets.token_hex(16)}"']
        lines += [f'token = "{_letters_and_digits(32)}"', f'aes_key = "{_aes_key()}"']
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(handle)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _letters_and_digits(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def _aes_key() -> str:
    """43 letters and digits that every Base64 decoder, however strict, turns into 32 bytes."""
    while True:
        key = base64.b64encode(secrets.token_bytes(32)).decode()[:43]
        if key.isalnum():
            return key
