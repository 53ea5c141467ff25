"""Where everything meets. Read it as a table of contents."""

from pathlib import Path
from typing import cast
from wsgiref.types import WSGIApplication

from apiflask import APIFlask
from flask import Response, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import errors, logs, proxies
from app.config import Settings, load
from app.context import make_context
from app.guard import guarded
from app.sandbox.server import create_sandbox
from app.sandbox_settings import sandbox_config
from handlers import audit, health
from handlers.api import api
from handlers.console import console
from handlers.unit import unit
from handlers.wechat import callback
from models.base import connect, database

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None) -> APIFlask:
    """The whole service for one installation. Raises ConfigError with every mistake of the settings at once."""
    settings = settings or load()
    logs.set_up(settings)
    connect(settings.database_url, settings.database.pool, settings.database.synchronous)

    app = APIFlask(
        "doorstep", title="家门口 Doorstep", version="1", spec_path="/openapi.json", docs_path=None, json_errors=False,
        template_folder=str(ROOT / "handlers" / "console" / "templates"),
        static_folder=None,  # type: ignore[arg-type]  # None as in Flask; APIFlask says only str
    )  # fmt: skip
    app.config.update(MAX_CONTENT_LENGTH=settings.server.request_limit_bytes, OPENAPI_VERSION="3.1.0")
    cast(DefaultJSONProvider, app.json).ensure_ascii = False
    app.extensions["doorstep"] = make_context(settings)

    app.before_request(logs.begin_request)
    app.after_request(logs.Refused().note)
    if settings.base_url.startswith("https://"):
        app.after_request(_keep_to_https)
    app.before_request(_refuse_unreadable)
    app.before_request(_open_database)
    app.teardown_request(_close_database)
    errors.register(app)

    app.register_blueprint(health.blueprint)
    app.register_blueprint(audit.blueprint)
    app.register_blueprint(callback.blueprint)
    app.register_blueprint(api)
    app.register_blueprint(console)
    app.register_blueprint(unit)

    guarded("spec.read")(app.view_functions["openapi.spec"])

    served: WSGIApplication = proxies.TrustedProxies(app.wsgi_app, settings.server.trusted_proxies)
    if settings.sandbox.enabled:
        served = DispatcherMiddleware(served, {"/sandbox": create_sandbox(sandbox_config(settings))})
    app.wsgi_app = served  # type: ignore[assignment, method-assign]  # as Flask's documentation does
    return app


def _keep_to_https(response: Response) -> Response:
    """For a year a browser asks for us by https only (RFC 6797; over http it does not listen to this)."""
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _refuse_unreadable() -> None:
    """At the desk, refuse an address that is no text, or has U+0000, which no page asks for and PostgreSQL refuses."""
    if not request.path.startswith("/console/"):
        return  # the API and the callback read what they are sent in their own, stricter way
    try:
        said = (request.path, *request.args.keys(), *request.args.values())
    except UnicodeDecodeError:
        raise BadRequest() from None
    if any("\0" in one for one in said):
        raise BadRequest()


def _open_database() -> None:
    database.connect(reuse_if_open=True)


def _close_database(error: BaseException | None) -> None:
    if not database.is_closed():
        database.close()
