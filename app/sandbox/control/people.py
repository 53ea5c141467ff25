"""Who and what there is: people with their openids, apps, live codes, stored pictures, the map of the town."""

from flask import Blueprint, Response, current_app, jsonify, url_for

from app.sandbox.control import desk
from app.sandbox.store import drop_setting, get_setting, set_setting
from app.sandbox.world import MINI, OFFICIAL, App, Person, account_of

blueprint = Blueprint("people", __name__, url_prefix="/control")


@blueprint.get("/people")
def people() -> Response:
    """Everybody with a phone."""
    return jsonify(people=[_person(person) for person in desk.world().people.values()])


def _person(person: Person) -> dict:
    world = desk.world()
    db = world.store.connection()
    accounts = {app.name: account_of(db, app, person.key) for app in world.apps.values()}
    follows = {app.name: bool(accounts[app.name]["follows"]) for app in world.apps.values() if app.kind == OFFICIAL}
    return {"key": person.key, "name": person.name, "about": person.about, "phone": person.phone,
            "unionid": world.unionid(db, person.key), "follows": follows,
            "openids": {name: account["openid"] for name, account in accounts.items()}}


@blueprint.get("/apps")
def apps() -> Response:
    """Every app, without secret, token and key."""
    return jsonify(apps=[_app(app) for app in desk.world().apps.values()])


def _app(app: App) -> dict:
    world = desk.world()
    db = world.store.connection()
    shown = app.kind == MINI and current_app.config["PREVIEW"]
    return {"name": app.name, "title": app.title, "kind": app.kind, "appid": app.appid,
            "preview_url": url_for("preview.file") if shown else None,
            "original_id": app.original_id, "mode": app.mode, "format": app.format,
            "callback_url": world.callback_url(db, app), "templates": list(app.templates),
            "linked_appids": list(app.linked_appids), "menu": get_setting(db, f"menu:{app.name}", [])}


@blueprint.post("/apps/<name>")
def move_app(name: str) -> Response:
    """Let an app's messages go to another address: {"callback_url"}; empty goes back to the configuration."""
    app = desk.app_named({"app": name})
    url = desk.text(desk.body(), "callback_url", "")
    if url and not url.startswith(("http://", "https://")):
        desk.refuse(400, "bad_field", "callback_url 应当以 http:// 或 https:// 开头。")
    with desk.world().store.transaction() as db:
        if url:
            set_setting(db, f"callback_url:{app.name}", url)
        else:
            drop_setting(db, f"callback_url:{app.name}")
    return jsonify(_app(app))


@blueprint.get("/codes")
def codes() -> Response:
    """Codes that can be scanned now, newest first, at most 200."""
    world = desk.world()
    db = world.store.connection()
    rows = db.execute(
        "SELECT ticket, scene, app, kind, expires_at, page, url FROM scan_codes"
        " WHERE expires_at IS NULL OR expires_at > ? ORDER BY created_at DESC, rowid DESC LIMIT 200",
        (world.now(db),)).fetchall()
    return jsonify([dict(row) for row in rows])


@blueprint.get("/map")
def town() -> Response:
    """The town as the phones draw it: {"compounds": [{name, community, lat, lng, buildings: [{name, lat, lng}]}]}.

    Coordinates are GCJ-02 degrees, as WeChat's maps count; a sandbox that was told of no town has no compounds.
    """
    return jsonify(current_app.config["TOWN"])


@blueprint.get("/media/<media_id>")
def media(media_id: str) -> Response:
    """A picture or voice as the phone and the address in PicUrl show it."""
    row = desk.world().store.connection().execute("SELECT * FROM media WHERE id = ?", (media_id,)).fetchone()
    if row is None:
        desk.refuse(404, "unknown_media", "没有这个文件，可能已经过期。")
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400"}
    return Response(row["bytes"], mimetype=row["mime"], headers=headers)
