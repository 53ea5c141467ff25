"""What every setting looks like: frozen models, one class for each section of config.toml.

A model checks one value at a time; what depends on several values, or on the machine, is judged in config_checks.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

import app.config_values as v

OFFICIAL_API = "https://api.weixin.qq.com"


class Section(BaseModel):
    """A part of the settings: unknown keys are refused, values are never coerced, nothing changes after start."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class Server(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    base_url: v.WebUrl = ""
    processes: v.Workers = 1
    threads: v.Workers = 32
    event_streams: int = Field(default=8, ge=0)
    request_limit_bytes: v.Bytes = 12582912
    trusted_proxies: tuple[v.Network, ...] = Field(default=(), strict=False)


class Data(Section):
    folder: str = Field(default="data", min_length=1)


class Database(Section):
    url: v.DatabaseUrl = Field(default="", repr=False)
    pool: v.Workers = 40
    synchronous: Literal["full", "extra"] = "full"


class Redis(Section):
    url: v.RedisUrl = Field(default="", repr=False)


class Files(Section):
    url: v.FilesUrl = Field(default="", repr=False)
    link_seconds: v.Count = 600


class Photos(Section):
    max_bytes: v.Bytes = 10485760
    max_pixels: int = Field(default=30000000, ge=1, le=100000000)
    edge: int = Field(default=2048, ge=64, le=8192)
    thumb_edge: int = Field(default=320, ge=16, le=1024)
    per_case: v.Count = 9
    per_person_day: v.Count = 100
    bytes_per_person_day: int = Field(default=209715200, ge=1024)
    seconds: int = Field(default=10, ge=1, le=120)


class Voices(Section):
    max_bytes: v.Bytes = 2097152
    seconds: int = Field(default=60, ge=5, le=300)
    per_person_day: v.Count = 50
    bytes_per_person_day: v.Bytes = 52428800


class Secrets(Section):
    file: str = ""
    key: v.SigningKey = v.NO_SECRET


class Template(Section):
    id: str = Field(min_length=1)
    page: v.Page = ""
    fields: Mapping[v.PlatformKey, v.LetterField] = Field(min_length=1)


class Templates(Section):
    """One optional template for each kind of letter; what has no template goes out by chat or waits on the page."""

    case_assigned: Template | None = None
    case_reminder: Template | None = None
    case_progress: Template | None = None
    answer_waiting: Template | None = None
    judge_please: Template | None = None


class Account(Section):
    kind: Literal["miniprogram", "official"]
    appid: v.AppId
    original_id: v.OriginalId = ""
    secret: v.Secret = v.NO_SECRET
    token: v.Token = v.NO_SECRET
    aes_key: v.AesKey = v.NO_SECRET
    previous_token: v.Token = v.NO_SECRET
    previous_aes_key: v.AesKey = v.NO_SECRET
    mode: Literal["safe", "compatible", "plain"] = "safe"
    format: Literal["json", "xml"] = "xml"
    community: str = ""
    templates: Templates = Templates()


class Wechat(Section):
    api: v.WebUrl = ""
    connect_timeout: v.Seconds = 3.0
    read_timeout: v.Seconds = 5.0
    callback_window_seconds: int = Field(default=300, ge=30, le=3600)
    callback_limit_bytes: v.Bytes = 65536
    accounts: Mapping[v.AccountName, Account] = {}


class Letters(Section):
    lease_seconds: int = Field(default=60, ge=10)
    attempts: v.Count = 8
    backoff_seconds: v.Count = 30
    backoff_limit_seconds: v.Count = 3600
    poll_seconds: float = Field(default=0.5, ge=0.05, le=60)


class Sessions(Section):
    api_days: v.Count = 30
    api_idle_days: v.Count = 14
    console_idle_minutes: v.Count = 120
    console_hours: v.Count = 12
    signin_seconds: int = Field(default=120, ge=30, le=600)


class Retention(Section):
    """Days that each kind of app.rules.retention.KEEP is kept; the least is what a law or our own working needs."""

    receipts: int = Field(default=2, ge=1)
    events: int = Field(default=2, ge=1)
    tasks: int = Field(default=14, ge=3)
    failures: int = Field(default=2, ge=1)
    signins: int = Field(default=30, ge=1)
    sessions: int = Field(default=180, ge=180)
    household_codes: int = Field(default=180, ge=1)
    inbound: int = Field(default=30, ge=2)
    copies: int = Field(default=0, ge=0, le=1)
    exports: int = Field(default=0, ge=0, le=1)
    photos_unattached: int = Field(default=7, ge=1)
    voices_unattached: int = Field(default=7, ge=1)
    drafts: int = Field(default=30, ge=1)
    letters: int = Field(default=180, ge=7)
    residences: int = Field(default=365, ge=1)
    case_photos: int = Field(default=1095, ge=30)
    case_voices: int = Field(default=1095, ge=30)
    cases: int = Field(default=1095, ge=30)
    lines: int = Field(default=1095, ge=30)
    conversations: int = Field(default=1095, ge=30)
    consents: int = Field(default=1095, ge=1095)
    delegations: int = Field(default=1095, ge=1095)
    notice_readings: int = Field(default=365, ge=30)
    patrols: int = Field(default=365, ge=30)
    visits: int = Field(default=365, ge=30)
    glass: int = Field(default=1095, ge=1095)
    alerts: int = Field(default=1095, ge=180)
    approvals: int = Field(default=1095, ge=180)


class Limits(Section):
    login: v.Limit = "60/minute"
    signin: v.Limit = "5/minute; 30/hour"
    photos: v.Limit = "60/hour"
    voices: v.Limit = "60/hour"
    nearby: v.Limit = "120/hour"
    cases: v.Limit = "20/hour"
    cases_community: v.Limit = "600/hour"
    incidents: v.Limit = "60/hour"
    lines: v.Limit = "60/minute"
    lines_community: v.Limit = "6000/hour"
    exports: v.Limit = "10/hour"
    unit_links: v.Limit = "30/minute"
    open311: v.Limit = "60/minute"
    refusals: v.Limit = "60/minute"


class Audit(Section):
    push: bool = False


class Privacy(Section):
    """Who answers for the data of people, as the page for residents says (PIPL 17)."""

    controller: str = Field(default="（演示）示范区古台街道办事处", max_length=100)
    contact: str = Field(
        default="（演示）个人信息保护负责人，电话 0371-00000000，办公地址见社区公告栏", max_length=200
    )
    recipients: tuple[tuple[str, str, str], ...] = Field(default=(), strict=False)


class Sandbox(Section):
    enabled: bool = True


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    access: bool = False


class Settings(Section):
    """All settings of one installation. Secrets are SecretStr; addresses that may hold a password are not in repr()."""

    mode: Literal["demo", "production"] = "demo"
    server: Server = Server()
    data: Data = Data()
    database: Database = Database()
    redis: Redis = Redis()
    files: Files = Files()
    photos: Photos = Photos()
    voices: Voices = Voices()
    secrets: Secrets = Secrets()
    wechat: Wechat = Wechat()
    letters: Letters = Letters()
    sessions: Sessions = Sessions()
    retention: Retention = Retention()
    limits: Limits = Limits()
    audit: Audit = Audit()
    privacy: Privacy = Privacy()
    sandbox: Sandbox = Sandbox()
    log: Log = Log()

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @property
    def folder(self) -> Path:
        """The folder for all state, absolute after load()."""
        return Path(self.data.folder)

    @property
    def secrets_file(self) -> Path:
        return Path(self.secrets.file) if self.secrets.file else self.folder / "secrets.toml"

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None when the database is PostgreSQL; a relative path starts in the data folder."""
        if self.database.url and not self.database.url.startswith(v.SQLITE):
            return None
        return self.folder / (self.database.url.removeprefix(v.SQLITE) or "doorstep.sqlite")

    @property
    def database_url(self) -> str:
        return f"{v.SQLITE}{self.sqlite_path}" if self.sqlite_path else self.database.url

    @property
    def files_url(self) -> str:
        return self.files.url or (self.folder / "files").as_uri()

    @property
    def base_url(self) -> str:
        """How people reach us, without a slash at the end."""
        return self.server.base_url or f"http://{self._own_host}:{self.server.port}"

    @property
    def wechat_api(self) -> str:
        """Where WeChat answers: the configured host, else this server's sandbox (demo) or the real one (production)."""
        if self.wechat.api or self.production:
            return self.wechat.api or OFFICIAL_API
        return f"http://{self._own_host}:{self.server.port}/sandbox/wechat"

    @property
    def _own_host(self) -> str:
        host = self.server.host
        if host in ("", "0.0.0.0", "::"):  # noqa: S104 - not binding here: the address to reach ourselves by
            return "127.0.0.1"
        return f"[{host}]" if ":" in host else host
