"""Pictures and doors: temporary media, mini-program codes, links into the mini-program, and QR codes of the account."""

import re
from dataclasses import dataclass, field
from typing import Any

import requests

from app.gateway.errors import GatewayError, Outcome
from app.gateway.wechat_client import Client, done, malformed, need

_CODE_BYTES = 1 << 20
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Media:
    """A downloaded file. Type and name are what the platform said: hints, never to be trusted as a path or a format."""

    data: bytes = field(repr=False)
    content_type: str
    filename: str


@dataclass(frozen=True)
class Qr:
    """A QR code of the official account: `url` is what to draw; a permanent one has no `expires_in` (seconds)."""

    ticket: str
    url: str
    expires_in: int | None


class Files:
    """Part of `Wechat`; needs a client."""

    _client: Client

    def upload_media(self, kind: str, data: bytes, filename: str, content_type: str) -> str:
        """Keep a file (`kind`: image, voice, video, thumb) on the platform for three days; returns its media id."""
        return need(self._client.media.upload(kind, (_name(filename), data, content_type)), "media_id", str)

    def download_media(self, media_id: str, limit: int) -> Media:
        """Fetch what a person sent, at most `limit` bytes (more: `too_large`, permanent).

        For a video the platform answers with an address on another host; we follow none: `media_elsewhere`, permanent.
        """
        response = self._client.get("media/get", params={"media_id": media_id}, limit=limit)
        if isinstance(response, dict):
            raise GatewayError("media_elsewhere", Outcome.PERMANENT) if "video_url" in response else malformed()
        kind = _content_type(response)
        if not response.content or kind == "text/html":
            raise malformed()
        named = re.search(r'filename="?([^";]*)', response.headers.get("Content-Disposition", ""), re.IGNORECASE)
        return Media(response.content, kind, _name(_as_utf8(named[1]) if named else ""))

    def mini_code(
        self, scene: str, page: str | None = None, env: str = "release", check_path: bool = True, width: int = 430
    ) -> bytes:
        """Draw a mini-program code, JPEG or PNG, `width` pixels (280 to 1280).

        `scene` is up to 32 of `0-9 A-Z a-z !#$&'()*+,/:;=?@-._~`; `page` has no leading slash and no query.
        """
        body: dict[str, Any] = {"scene": scene, "check_path": check_path, "env_version": env, "width": width}
        if page:
            body["page"] = page
        response = self._client.call("wxa/getwxacodeunlimit", body, limit=_CODE_BYTES)
        if isinstance(response, dict) or not response.content.startswith(_PICTURES):
            raise malformed()
        return response.content

    def url_link(self, path: str, query: str, days: int) -> str:
        """A web address that opens the mini-program from a browser or a text message, for 1 to 30 days."""
        body = {"path": path, "query": query, "expire_type": 1, "expire_interval": days}
        return need(self._client.call("wxa/generate_urllink", body), "url_link", str)

    def create_qr(self, scene: str, seconds: int | None) -> Qr:
        """A code that brings people to the official account with `scene` (1 to 64 characters).

        `seconds` up to 2,592,000; None makes a permanent one, of which an account has 100,000 for ever.
        """
        body: dict[str, Any] = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
        if seconds is not None:
            body |= {"action_name": "QR_STR_SCENE", "expire_seconds": seconds}
        answer = self._client.qrcode.create(body)
        lasts = need(answer, "expire_seconds", int) if seconds is not None else None
        return Qr(need(answer, "ticket", str), need(answer, "url", str), lasts)

    def set_menu(self, buttons: list[dict[str, Any]]) -> None:
        """Replace the official account's menu: 1 to 3 buttons with up to 5 below each, in the platform's words."""
        done(self._client.menu.create({"button": buttons}))


def _content_type(response: requests.Response) -> str:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind if re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,60}", kind, re.ASCII) else "application/octet-stream"


def _name(told: str) -> str:
    """A file name without folders, leading dots, or anything but letters, digits, dot, dash and underscore."""
    last = told.replace("\\", "/").rpartition("/")[2]
    return re.sub(r"[^\w.-]", "", last).lstrip(".")[-_LONGEST_NAME:].lstrip(".") or "media"


def _as_utf8(header: str) -> str:
    """Header bytes arrive read as Latin-1; a Chinese name is UTF-8."""
    return header.encode("latin-1", "ignore").decode("utf-8", "ignore")
