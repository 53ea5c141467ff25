"""What no single value can tell: settings that contradict each other, and a machine that cannot keep our promises.

Every check yields (path of the setting, a Chinese remark completing the sentence "<name of the setting> …"). The
promises behind the strict ones: an acknowledged report survives a power cut (durable disk, one process on SQLite), and
only WeChat can speak as WeChat (safe mode: the platform says of the plain signature "不要使用 signature 验证").
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from app.config_shape import Account, Settings

Place = tuple[str, ...]
Mistake = tuple[Place, str]

MIN_FREE_BYTES = 200 * 1024 * 1024
PRODUCTION_FREE_BYTES = 1024 * 1024 * 1024
_VANISHING = {"tmpfs": "内存盘", "ramfs": "内存盘"}
_REMOTE = {"nfs": "网络盘", "nfs4": "网络盘", "cifs": "网络盘", "smb3": "网络盘", "fuse.sshfs": "网络盘"}


def check(settings: Settings, environ: Mapping[str, str]) -> Iterator[Mistake]:
    """Yield every mistake that needs more than one value or a look at the machine."""
    yield from _secrets(settings)
    yield from _accounts(settings)
    yield from _sizes(settings)
    yield from _disk(settings)
    if settings.production:
        yield from _production(settings, environ)


def _secrets(settings: Settings) -> Iterator[Mistake]:
    if not settings.secrets.key.get_secret_value():
        yield ("secrets", "key"), "没有写，请在机密文件或环境变量里给出至少 32 个字符的随机口令"
    for name, account in settings.wechat.accounts.items():
        for key in ("secret", "token", "aes_key"):
            needed = key != "aes_key" or account.mode != "plain"
            if needed and not getattr(account, key).get_secret_value():
                yield ("wechat", "accounts", name, key), "没有写，请在机密文件或环境变量里给出公众平台上的值"


def _accounts(settings: Settings) -> Iterator[Mistake]:
    seen: dict[str, str] = {}
    for name, account in settings.wechat.accounts.items():
        here = ("wechat", "accounts", name)
        if account.appid in seen:
            yield (*here, "appid"), f"与账号 {seen[account.appid]} 的 appid 相同，请给每个账号写自己的 AppID"
        seen.setdefault(account.appid, name)
        yield from _rotation(here, account)
    if settings.wechat.connect_timeout > settings.wechat.read_timeout:
        yield ("wechat", "connect_timeout"), "不能大于 wechat.read_timeout，请改小"


def _rotation(here: Place, account: Account) -> Iterator[Mistake]:
    for key in ("token", "aes_key"):
        old, new = getattr(account, f"previous_{key}").get_secret_value(), getattr(account, key).get_secret_value()
        if old and old == new:
            yield (*here, f"previous_{key}"), f"与现用的 {key} 相同，请删掉它，或写上更换之前的值"


def _sizes(settings: Settings) -> Iterator[Mistake]:
    server = settings.server
    if server.event_streams >= server.threads:
        yield ("server", "event_streams"), "应当小于 server.threads，否则实时页面会占满线程"
    if settings.database.pool < server.threads:
        yield ("database", "pool"), "不能小于 server.threads，否则请求会等不到数据库连接"
    if settings.sqlite_path and server.processes > 1:
        yield ("server", "processes"), "在使用 SQLite 时只能是 1，要多进程请把 database.url 改成 PostgreSQL"
    if server.request_limit_bytes <= settings.photos.max_bytes:
        yield ("server", "request_limit_bytes"), "应当大于 photos.max_bytes，否则照片传不上来"
    if settings.letters.backoff_limit_seconds < settings.letters.backoff_seconds:
        yield ("letters", "backoff_limit_seconds"), "不能小于 letters.backoff_seconds，请改大"


def _disk(settings: Settings) -> Iterator[Mistake]:
    yield from _place(("data", "folder"), settings.folder, settings.production)
    database = settings.sqlite_path
    if database and database.is_dir():
        yield ("database", "url"), "指向一个文件夹，请写数据库文件的路径"
    elif database and database.exists() and not os.access(database, os.W_OK):
        yield ("database", "url"), "指向的文件不能写入，请改正它的权限"
    elif database and database.resolve().parent != settings.folder.resolve():
        # The file itself may be a link, and then its room and its disk are those of the place it points to.
        yield from _place(("database", "url"), database.resolve().parent, settings.production)


def _place(name: Place, folder: Path, production: bool) -> Iterator[Mistake]:
    ground = _nearest_existing(folder)
    if not ground.is_dir():
        yield name, "的上级路径里有一个不是文件夹，请换一个位置"
        return
    try:
        with tempfile.TemporaryFile(dir=ground):
            free = shutil.disk_usage(ground).free
    except OSError:
        yield name, "所在的位置不能写入，请换一个可写的文件夹，或改正权限"
        return
    if free < MIN_FREE_BYTES:
        yield name, "所在的磁盘剩余空间不足 200 MB，请先清理磁盘"
    elif production and free < PRODUCTION_FREE_BYTES:
        yield name, "所在的磁盘剩余空间不足 1 GB，正式运行前请先清理磁盘或换一块大的"
    kind = {**_VANISHING, **_REMOTE}.get(filesystem(ground)) if production else None
    if kind:
        yield name, f"在{kind}上，断电或断网会丢失居民的上报，请换到本机硬盘"


def _nearest_existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def filesystem(folder: Path, mounts: str = "/proc/self/mountinfo") -> str:
    """The type of the filesystem under a folder, e.g. "ext4"; "" where the system does not tell."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split()[4].replace("\\040", " ")
        inside = folder.resolve().is_relative_to(point)
        if inside and len(point) >= best:
            best, kind = len(point), after.split()[0]
    return kind


def _production(settings: Settings, environ: Mapping[str, str]) -> Iterator[Mistake]:
    if not settings.server.base_url.startswith("https://"):
        yield ("server", "base_url"), "在正式运行时必须写成 https:// 开头的网址"
    if settings.sandbox.enabled:
        yield ("sandbox", "enabled"), "在正式运行时必须是 false，否则任何人都能冒充微信"
    yield from _production_api(settings.wechat_api)
    for name, account in settings.wechat.accounts.items():
        here = ("wechat", "accounts", name)
        if account.mode != "safe":
            yield (*here, "mode"), '在正式运行时必须是 "safe"，请在公众平台选择安全模式'
        if len(set(account.aes_key.get_secret_value())) == 1:
            yield (*here, "aes_key"), "是同一个字符的重复，请到公众平台重新生成 EncodingAESKey"
    for key in ("controller", "contact"):
        said = getattr(settings.privacy, key)
        if not said or said.startswith("（演示）"):
            yield ("privacy", key), "在正式运行时必须写明，居民要知道谁对他们的个人信息负责、怎样联系"
    if not settings.wechat.accounts:
        yield ("wechat", "accounts"), "里一个账号也没有，请至少写一个小程序或公众号"
    if environ.get("GUNICORN_CMD_ARGS"):
        yield ("GUNICORN_CMD_ARGS",), "会改掉经过检查的启动选项，正式运行时请去掉这个环境变量，改用 server 一节的设置"
    if environ.get("FLASK_DEBUG", "0") not in ("", "0"):
        yield ("FLASK_DEBUG",), "是打开的，正式运行时请去掉这个环境变量"


def _production_api(url: str) -> Iterator[Mistake]:
    parts = urlsplit(url)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1") or "/sandbox/" in parts.path + "/"
    if parts.scheme != "https":
        yield ("wechat", "api"), "在正式运行时必须是 https:// 开头，请留空以使用微信官方地址"
    elif local:
        yield ("wechat", "api"), "指向沙箱，正式运行时请留空以使用微信官方地址"
