"""Gathering the settings: config.toml, the secrets file over it, the environment over both.

Nothing is judged here beyond what reading itself shows: a file that cannot be read or is not TOML, a secret in the
wrong file, two names for one setting that disagree. What was read, and from where, is handed on as one Reading.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from app.config_shape import Settings

Place = tuple[str, ...]

PREFIX = "DOORSTEP_"
FILE_VARIABLE = "DOORSTEP_CONFIG"
SHORT_NAMES = {"PORT": ("server", "port"), "DATA": ("data", "folder")}
MAY_HOLD_A_PASSWORD = {("database", "url"), ("redis", "url")}
DEFAULT_FILE = Path(__file__).resolve().parent.parent / "config.toml"


class Reading:
    """The values read so far, which of them came from elsewhere than config.toml, and what was wrong."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.origin: dict[Place, str] = {}
        self.mistakes: list[str] = []
        self.told: set[Place] = set()
        self.usable = True

    def complain(self, place: Place, remark: str) -> None:
        """Record one mistake of one setting; remark completes the sentence and must not contain the value."""
        label = self.origin.get(place)
        self.told.add(place)
        self.mistakes.append(f"设置 {'.'.join(place)}{f'（{label}）' if label else ' '}{remark}。")

    def has_told(self, place: Place) -> bool:
        """Whether something at or below this place was complained about: what follows from it is not news."""
        return any(told[: len(place)] == place for told in self.told)

    def put(self, place: Place, value: Any, origin: str) -> None:
        here: Any = self.values
        for depth, step in enumerate(place[:-1], start=1):
            if step not in here:
                here[step] = {}
                self.origin[place[:depth]] = origin
            here = here[step]
            if not isinstance(here, dict):
                return
        here[place[-1]] = value
        self.origin[place] = origin

    def text(self, place: Place) -> str:
        """A text among the values, or "" when it is absent or not a text."""
        here: Any = self.values
        for step in place:
            here = here.get(step) if isinstance(here, dict) else None
        return here if isinstance(here, str) else ""


def read(path: str | Path | None, environ: Mapping[str, str]) -> Reading:
    """Read all three sources. path: the configuration file, else the one DOORSTEP_CONFIG names, else config.toml."""
    reading = Reading()
    file = Path(path or environ.get(FILE_VARIABLE) or DEFAULT_FILE).absolute()
    found = _toml(file, "配置文件", reading)
    if found == {}:
        reading.mistakes.append(f"配置文件 {file} 是空的，请从源代码里的 config.toml 复制一份再修改。")
    reading.usable = bool(found)
    reading.values = found or {}
    _move_out_secrets(reading)
    _add_environment(reading, environ)
    _settle_paths(reading, file.parent)
    _add_secrets_file(reading)
    return reading


def secrets_path(reading: Reading) -> Path:
    """Where the secrets file is, or would be."""
    return Path(reading.text(("secrets", "file")) or Path(reading.text(("data", "folder"))) / "secrets.toml")


def _toml(file: Path, title: str, reading: Reading) -> dict[str, Any] | None:
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        reading.mistakes.append(f"找不到{title} {file}，请检查路径。")
        return None
    except IsADirectoryError:
        reading.mistakes.append(f"{title} {file} 是一个文件夹，请写文件的路径。")
        return None
    except OSError:
        reading.mistakes.append(f"读不了{title} {file}，请检查它的权限。")
        return None
    if raw.startswith(b"\xef\xbb\xbf"):
        reading.mistakes.append(f"{title} {file} 的开头有 BOM 标记，请另存为不带 BOM 的 UTF-8。")
        return None
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        reading.mistakes.append(f"{title} {file} 不是 UTF-8 编码，请另存为 UTF-8。")
    except tomllib.TOMLDecodeError as error:
        reading.mistakes.append(f"{title} {file} {_toml_remark(str(error))}")
    except RecursionError:
        reading.mistakes.append(f"{title} {file} 里的括号套得太深，请对照源代码里的 config.toml 改正。")
    return None


def _toml_remark(message: str) -> str:
    """The parser's message may quote the file, so only the kind of mistake and the line are kept of it."""
    line = re.search(r"at line ([0-9]+)", message)
    where = f"第 {line[1]} 行" if line else "末尾"
    if re.search(r"overwrite|twice|Duplicate|Cannot declare|mutate", message):
        return f"{where}的设置前面已经写过，请只保留一处。"
    return f"{where}不符合 TOML 写法，请检查引号、等号和方括号。"


def _leaves(values: Mapping[str, Any], start: Place = ()) -> Iterator[tuple[Place, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*start, key))
        else:
            yield (*start, key), value


def _bare(annotation: Any) -> Any:
    """The type under Annotated[…] and … | None."""
    while get_origin(annotation) is Annotated or type(None) in get_args(annotation):
        annotation = next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def type_at(place: Place) -> Any:
    """The type a setting must have, a model for a section, or None for a name we do not know."""
    here: Any = Settings
    for step in place:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(step)
            here = _bare(field.annotation) if field else None
        elif get_origin(here) is not None and issubclass(get_origin(here), Mapping):
            here = _bare(get_args(here)[1])
        else:
            return None
    return here


def _move_out_secrets(reading: Reading) -> None:
    for place, value in list(_leaves(reading.values)):
        if type_at(place) is SecretStr and value != "":
            reading.complain(place, f"是机密，不能写在配置文件里，请删掉它，{_remedy(place)}")
            reading.put(place, "", "")
        elif place in MAY_HOLD_A_PASSWORD and isinstance(value, str) and _has_password(value):
            reading.complain(place, f"里带着密码，不能写在配置文件里，请把整个地址移走，{_remedy(place)}")
            reading.put(place, "", "")


def _remedy(place: Place) -> str:
    return f"改用环境变量 {PREFIX}{'__'.join(place).upper()} 或机密文件"


def _has_password(url: str) -> bool:
    try:
        return urlsplit(url).password is not None or "password=" in urlsplit(url).query
    except ValueError:
        return True


def _add_environment(reading: Reading, environ: Mapping[str, str]) -> None:
    for name, value in sorted(environ.items()):
        if name.startswith(PREFIX) and name != FILE_VARIABLE:
            place = tuple(name.removeprefix(PREFIX).lower().split("__"))
            reading.put(place, _converted(value, type_at(place)), f"环境变量 {name}")
    for name, place in SHORT_NAMES.items():
        if name not in environ:
            continue
        long_name = f"{PREFIX}{'__'.join(place).upper()}"
        if environ.get(long_name, environ[name]) != environ[name]:
            reading.mistakes.append(f"环境变量 {name} 与 {long_name} 写得不一样，请只保留一个。")
        reading.put(place, _converted(environ[name], type_at(place)), f"环境变量 {name}")


def _converted(value: str, wanted: Any) -> Any:
    """The environment knows only text: numbers, true/false and lists are read as JSON where the setting wants one."""
    if wanted in (None, str, SecretStr) or get_origin(wanted) is Literal:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _settle_paths(reading: Reading, home: Path) -> None:
    """Make folders absolute: those of the file start at the file, those of the environment where we were started."""
    reading.values.setdefault("data", {})
    if isinstance(reading.values["data"], dict):
        reading.values["data"].setdefault("folder", "data")
    for place in (("data", "folder"), ("secrets", "file")):
        text = reading.text(place)
        if text:
            origin = reading.origin.get(place)
            start = Path.cwd() if origin else home
            reading.values[place[0]][place[1]] = os.path.normpath(start / text)


def _add_secrets_file(reading: Reading) -> None:
    file = secrets_path(reading)
    if not file.exists() and not reading.text(("secrets", "file")):
        return
    found = _toml(file, "机密文件", reading)
    if found is None:
        return
    reading.mistakes.extend(_exposed(file))
    for place, value in _leaves(found):
        wanted = type_at(place)
        if wanted not in (None, SecretStr) and place not in MAY_HOLD_A_PASSWORD:
            reading.mistakes.append(f"机密文件里的 {'.'.join(place)} 不是机密，请写在配置文件里。")
        elif not reading.origin.get(place, "").startswith("环境变量"):
            reading.put(place, value, "机密文件")


def _exposed(file: Path) -> Iterator[str]:
    found = file.stat()
    if found.st_mode & 0o077:
        yield f"机密文件 {file} 可以被别的用户读取，请运行 chmod 600 改正权限。"
    if found.st_uid not in (0, os.geteuid()):
        yield f"机密文件 {file} 属于别的用户，请运行 chown 改成运行本服务的用户。"
