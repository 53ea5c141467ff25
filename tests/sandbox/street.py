"""The invented people and accounts of these tests, and short words for what one does with a phone or a token."""

import requests

KEY_MINI = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
KEY_OFFICIAL = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CASE = "CASEcaseCASEcaseCASEcaseCASEcaseCASEcase123"
NOTICE = "NOTEnoteNOTEnoteNOTEnoteNOTEnoteNOTEnote123"
OFFICIAL_CASE = "OACAoacaOACAoacaOACAoacaOACAoacaOACAoaca123"

#: A GIF of one pixel, base64.
PHOTO = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

CONFIG = {
    "retry_seconds": 0.3,
    "callback_timeout": 1,
    "apps": [
        {
            "name": "mini", "title": "家门口", "kind": "miniprogram", "appid": "wx1111111111111111",
            "original_id": "gh_mini00000001", "secret": "mini-secret-0123456789", "token": "minitoken",
            "aes_key": KEY_MINI, "mode": "safe", "format": "json", "callback_url": "",
            "templates": [
                {"id": CASE, "title": "事项进度通知", "type": 2, "fields": [
                    {"key": "thing1", "label": "事项"}, {"key": "time2", "label": "时间"}]},
                {"id": NOTICE, "title": "社区公告", "type": 3, "fields": [{"key": "thing1", "label": "公告"}]},
            ],
        },
        {
            "name": "official", "title": "家门口社区", "kind": "official", "appid": "wx2222222222222222",
            "original_id": "gh_official0001", "secret": "official-secret-987654", "token": "officialtoken",
            "aes_key": KEY_OFFICIAL, "mode": "safe", "format": "xml", "callback_url": "",
            "templates": [{"id": OFFICIAL_CASE, "title": "办理结果", "type": 3, "fields": [
                {"key": "thing1", "label": "事项"}, {"key": "time2", "label": "时间"}]}],
            "linked_appids": ["wx1111111111111111"],
        },
    ],
    "people": [
        {"key": "zhanglan", "name": "张兰", "about": "居民", "phone": "13800000001", "follows": True},
        {"key": "liwei", "name": "李伟", "about": "网格员", "phone": "13800000002", "unionid": "oUNIONliwei",
         "follows": False},
        {"key": "wangfang", "name": "王芳", "about": "社区主任", "phone": "", "follows": True},
    ],
}


class Street:
    """The sandbox at an address."""

    def __init__(self, url: str, config: dict):
        self.url = url
        self.wire = requests.Session()
        self.wire.trust_env = False
        self.apps = {app["name"]: app for app in config["apps"]}

    def control(self, method: str, path: str, body: object = None, status: int = 200):
        """One call of the control API; the status must be the one expected."""
        answer = self.wire.request(method, f"{self.url}/control/{path}", json=body, timeout=30)
        assert answer.status_code == status, answer.text
        return answer.json()

    def phone(self, person: str, after: int = 0) -> dict:
        """What is on the phone."""
        return self.control("GET", f"phone/{person}?after={after}")

    def chat(self, person: str, where: str = "chat") -> list[str]:
        """The words that the apps put there, in order."""
        return [item.get("text") for item in self.phone(person)["items"]
                if item["from"] == "them" and item["where"] == where]

    def say(self, person: str, text: str, app: str = "official") -> dict:
        """Write a text and wait until it has been delivered or given up."""
        sent = self.control("POST", f"phone/{person}/send", {"app": app, "type": "text", "content": text})
        self.drain()
        return sent

    def do(self, person: str, what: str, **body) -> dict:
        """Any other act of a person, delivered."""
        done = self.control("POST", f"phone/{person}/{what}", body)
        self.drain()
        return done

    def drain(self, seconds: float = 10) -> int:
        """Wait for the courier; how many messages are still on their way."""
        return self.control("POST", "drain", {"seconds": seconds})["pending"]

    def ahead(self, seconds: float) -> None:
        """Move the platform's clock."""
        self.control("POST", "clock", {"ahead": seconds})

    def fault(self, path: str, fault: str, **more) -> None:
        """Order bad weather."""
        self.control("POST", "faults", {"path": path, "fault": fault, **more})

    def openid(self, person: str, app: str = "mini") -> str:
        """Who this person is to that app."""
        people = self.control("GET", "people")["people"]
        return next(one["openids"][app] for one in people if one["key"] == person)

    def token(self, app: str = "mini", **more) -> dict:
        """What stable_token answers."""
        known = {name: self.apps[app][name] for name in ("appid", "secret")}
        return self.raw("POST", "/cgi-bin/stable_token",
                        json={"grant_type": "client_credential", **known, **more}).json()

    def raw(self, method: str, path: str, **options) -> requests.Response:
        """A platform call as it is."""
        return self.wire.request(method, f"{self.url}/wechat{path}", timeout=30, **options)

    def post(self, path: str, body: dict, app: str = "mini") -> dict:
        """A platform call with a token."""
        return self.raw("POST", path, params={"access_token": self.token(app)["access_token"]}, json=body).json()

    def get(self, path: str, app: str = "mini", **query) -> dict:
        """A platform call with a token, by GET."""
        return self.raw("GET", path, params={"access_token": self.token(app)["access_token"], **query}).json()
