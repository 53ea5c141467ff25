"""What we say to people on WeChat: subscribe messages, template messages, and words in the chat window.

A person would see every repetition, so after a lost answer these calls end as `unknown` and are not tried again here.
"""

from typing import Any

from app.gateway.wechat_client import Client, done


class Messages:
    """Part of `Wechat`; needs the account's kind, its appid and a client."""

    _client: Client
    _kind: str
    _appid: str

    def send_subscribe(
        self,
        openid: str,
        template_id: str,
        data: dict[str, str],
        page: str | None = None,
        state: str = "formal",
        lang: str = "zh_CN",
    ) -> str | None:
        """Send one subscribe message of the mini-program; the person must have accepted this template once per message.

        `data` maps template fields to texts, `state` is the version a tap opens (developer, trial, formal). Returns the
        platform's message id when it gives one. `not_subscribed` (43101) covers never asked, refused and used up alike.
        """
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": _fields(data),
            "miniprogram_state": state,
            "lang": lang,
        }
        if page:
            body["page"] = page
        return _message_id(self._client.call("cgi-bin/message/subscribe/send", body)) or None

    def send_template(
        self,
        openid: str,
        template_id: str,
        data: dict[str, str],
        page: str | None = None,
        mini_appid: str | None = None,
        url: str | None = None,
        client_msg_id: str | None = None,
    ) -> str:
        """Send one template message of the official account to a follower; returns its id ("" when none was given).

        `page` opens in the linked mini-program `mini_appid`; `url` is for clients too old for that. The platform drops
        a second message with the same `client_msg_id`. `ValueError` for a page without its mini-program.
        """
        if page and not mini_appid:
            raise ValueError("a page needs the mini-program it belongs to")
        body: dict[str, Any] = {"touser": openid, "template_id": template_id, "data": _fields(data)}
        if mini_appid:
            body["miniprogram"] = {"appid": mini_appid, "pagepath": page or ""}
        if url:
            body["url"] = url
        if client_msg_id:
            body["client_msg_id"] = client_msg_id
        return _message_id(self._client.call("cgi-bin/message/template/send", body))

    def say_text(self, openid: str, text: str) -> None:
        """Say something in the chat. Possible for 48 hours after the person wrote, five times."""
        self._client.message.send_text(openid, text)

    def say_image(self, openid: str, media_id: str) -> None:
        """Show an uploaded picture in the chat."""
        self._client.message.send_image(openid, media_id)

    def say_link(self, openid: str, title: str, description: str, url: str, thumb_url: str) -> None:
        """Show a link with a picture: a `link` in the mini-program's chat, an article in the official account's."""
        article = {"title": title, "description": description, "url": url, "image": thumb_url}
        if self._kind == "official":
            self._client.message.send_articles(openid, [article])
        else:
            self._client.message.send_link(openid, article)

    def say_page(self, openid: str, title: str, page: str, thumb_media_id: str, appid: str | None = None) -> None:
        """Show a card that opens a mini-program page. An official account must name its mini-program (`appid`)."""
        if self._kind == "official" and not appid:
            raise ValueError("an official account must name the mini-program")
        card = {"title": title, "appid": appid or self._appid, "pagepath": page, "thumb_media_id": thumb_media_id}
        self._client.message.send_mini_program_page(openid, card)

    def say_menu(self, openid: str, head: str, choices: list[tuple[str, str]], tail: str) -> None:
        """Ask a question with tappable answers, (id, text) each; a tap comes back as a text message with that id."""
        entries = [{"id": key, "content": text} for key, text in choices]
        self._client.message.send_msg_menu(openid, {"head_content": head, "list": entries, "tail_content": tail})

    def typing(self, openid: str, on: bool = True) -> None:
        """Show or hide "typing…" in the chat; it ends by itself after 15 seconds."""
        path = "cgi-bin/message/custom/typing" if self._kind == "official" else "cgi-bin/message/custom/business/typing"
        done(self._client.call(path, {"touser": openid, "command": "Typing" if on else "CancelTyping"}))


def _fields(data: dict[str, str]) -> dict[str, dict[str, str]]:
    return {key: {"value": value} for key, value in data.items()}


def _message_id(answer: dict[str, Any]) -> str:
    """The message was accepted, so an odd id must not turn it into a failure."""
    found = answer.get("msgid")
    return str(found) if isinstance(found, int | str) and not isinstance(found, bool) else ""
