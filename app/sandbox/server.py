"""Puts the sandbox together: its world, its courier, its doors.

    app = create_sandbox({"state": "sandbox.sqlite", "apps": [...], "people": [...]})

Mounted by the product under /sandbox or served alone by `python -m app.sandbox`. Optional settings: `retry_seconds` (5)
and `callback_timeout` (5), both in seconds; `reused_code_errcode` (40163); `daily_limits` {path: calls};
`media_check` {"labels": "string"};
`preview` the folder with the mini-program built for browsers; `town` what its maps show (see control.people.town).
"""

from dataclasses import dataclass

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from app.sandbox.control import people, phone, weather
from app.sandbox.control.desk import Refusal
from app.sandbox.courier import Courier
from app.sandbox.phones import blueprint as phones
from app.sandbox.preview import blueprint as preview
from app.sandbox.store import Store
from app.sandbox.wechat import gate
from app.sandbox.world import World

SENTENCES = {400: "请求内容看不懂，请检查 JSON。", 404: "没有这个地址，请检查路径。",
             405: "这个地址不支持这种请求方式。", 413: "内容太大，最多 12 MB。"}
LARGEST_BODY = 12 * 1024 * 1024


@dataclass(frozen=True)
class Sandbox:
    """What the views share: the world and the courier of this process."""

    world: World
    courier: Courier


def create_sandbox(config: dict) -> Flask:
    """The sandbox as a WSGI app. `config` is described in the module docstring and in `world.new_app`."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["PREVIEW"] = config.get("preview")
    app.config["TOWN"] = config.get("town", {"compounds": []})
    store = Store(config["state"])
    world = World(config, store)
    sandbox = Sandbox(world, Courier(world, store, config))
    app.extensions["sandbox"] = sandbox
    app.before_request(sandbox.courier.ensure_running)
    app.teardown_request(lambda error: sandbox.courier.wake())
    app.register_error_handler(HTTPException, _refuse)
    for blueprint in (gate.blueprint, people.blueprint, phone.blueprint, weather.blueprint, phones, preview):
        app.register_blueprint(blueprint)
    return app


def _refuse(error: HTTPException) -> tuple[Response, int]:
    """Every refusal of the control API is JSON with a stable code and a Chinese sentence."""
    status = error.code or 500
    if isinstance(error, Refusal):
        return jsonify(error={"code": error.reason, "message": error.description}), status
    sentence = SENTENCES.get(status, "请求没有成功，请稍后再试。")
    return jsonify(error={"code": error.name.lower().replace(" ", "_"), "message": sentence}), status
