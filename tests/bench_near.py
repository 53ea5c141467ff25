"""How fast is it to see what is near by, among a thousand cases and among a million? Called by `make bench`.

All cases lie in one community, the worst there is: two kilometres across, one in a hundred still open. Asked over
HTTP, one request after the other, in turn with a bare Flask hello under the same gunicorn; printed are the median and
the 95th percentile, the ratio of the medians to that hello, and by which index the database finds its way in.
"""

import argparse
import http.client
import json
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.rules import nearby, same, setting
from app.rules.actor import actor_of
from handlers.api.case import with_labels
from models.base import database, write
from models.case import Case
from models.category import Category
from models.place import Place
from tests.bench import Ask, bearer, served
from tests.rules.cases import report
from tests.servers import database as postgres_copy
from tests.servers import open_folder, running
from tests.story import free_port
from tests.town import Town, found, town_at

SIZES = (1_000, 1_000_000)
HERE = (34.7965, 114.3654)
#: Two kilometres, in degrees.
WIDE = 0.018
#: Every so manieth case is open.
OPEN = 100
#: What of a copied case is its own, as an expression of its number `i`.
OWN = {
    "key": "{text}", "number": "i + 100000", "place_id": "p.id", "category_id": "k.id", "first_category_id": "k.id",
    "lat": f"{HERE[0]} + ((i % 20011 * 7919 % 20011) / 20011.0 - 0.5) * {WIDE}",
    "lng": f"{HERE[1]} + ((i % 19997 * 104729 % 19997) / 19997.0 - 0.5) * {WIDE}",
    "state": f"CASE WHEN i % {OPEN} = 0 THEN 'dispatched' ELSE 'closed' END",
    "closed_at": f"CASE WHEN i % {OPEN} = 0 THEN NULL ELSE {{created}} END",
    "same_as_id": "NULL", "handler_id": "NULL",
}  # fmt: skip


def seed(town: Town, count: int) -> float:
    """Fill the community up to so many cases, copies of a real one, in one statement. Returns seconds."""
    template = Case.select().order_by(Case.id).first() or report(town)
    community, began = town.community(), time.perf_counter()
    have = Case.select().count()
    columns = [field.column_name for field in Case._meta.sorted_fields if field.name != "id"]
    text = "printf('%016d', i)" if database.obj.is_sqlite else "lpad(i::text, 16, '0')"
    shown = [OWN[name].format(text=text, created="c.created_at") if name in OWN else f"c.{name}" for name in columns]
    kinds = Category.select(Category.id).where(Category.community == community, Category.public, ~Category.hazard)
    places = Place.select(Place.id).where(Place.community == community, Place.kind == "building")
    _numbered("bench_place", [row.id for row in places])
    _numbered("bench_kind", [row.id for row in kinds])
    numbers = (
        f"(WITH RECURSIVE n(i) AS (SELECT {have + 1} UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n)"
        if database.obj.is_sqlite
        else f"generate_series({have + 1}, {count})"
    )
    sql = (
        f'INSERT INTO "case" ({", ".join(columns)}) SELECT {", ".join(shown)} FROM {numbers} AS n'
        f"{'' if database.obj.is_sqlite else '(i)'} JOIN \"case\" c ON c.id = {template.id}"
        " JOIN bench_place p ON p.n = i % (SELECT COUNT(*) FROM bench_place)"
        " JOIN bench_kind k ON k.n = (i / 7) % (SELECT COUNT(*) FROM bench_kind)"
    )
    with write():
        database.execute_sql(sql if database.obj.is_sqlite else sql.replace("%", "%%"))
    return time.perf_counter() - began


def _numbered(table: str, ids: list[int]) -> None:
    database.execute_sql(f"DROP TABLE IF EXISTS {table}")
    database.execute_sql(f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, id INTEGER NOT NULL)")
    rows = ", ".join(f"({number}, {one})" for number, one in enumerate(ids))
    database.execute_sql(f"INSERT INTO {table} (n, id) VALUES {rows}")


class Stopwatch:
    """One connection that is asked again and again."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def milliseconds(self, ask: Ask, number: int) -> float:
        """How long one answer takes. Raises RuntimeError on any answer but 2xx."""
        path, body, headers = ask.at(number)
        began = time.perf_counter()
        self.connection.request(ask.method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {content[:300]!r}")
        return (time.perf_counter() - began) * 1000


def asks_of(town: Town, size: int) -> dict[str, Ask]:
    """What is measured: the search of a resident, what staff are shown, and one more report of a known hole."""
    resident, admin = bearer(town.person("zhanglan")), bearer(town.person("chenjing"))
    building, code = town.building("3号楼").key, "street_light"
    some = Case.select(Case.key).where(Case.state == "dispatched").order_by(Case.id.desc()).limit(50)
    keys = [row.key for row in some]

    def spot(number: int) -> dict:
        aside = (number * 37 % 100 - 50) / 100 * WIDE * 0.8
        return {"lat": HERE[0] + aside, "lng": HERE[1] - aside, "system": "wgs84"}

    def near(number: int) -> bytes:
        return json.dumps({"point": spot(number), "place": building, "category": code}).encode()

    def hole(number: int) -> bytes:
        said = {"words": f"3号楼门口路灯不亮 {number}", "category": code, "place": building}
        return json.dumps(said).encode()

    def alike(number: int) -> str:
        return f"{keys[number % len(keys)]}/same"

    return {
        "nearby, a point and a building": Ask("POST", "/api/v1/nearby", resident, near),
        "what may be the same, for staff": Ask("GET", "/api/v1/cases/", admin, query=alike),
        "one more report of a known hole": Ask("POST", "/api/v1/cases", resident, hole, keyed=True),
    }


@contextmanager
def _seen() -> Iterator[list[tuple[str, tuple]]]:
    seen: list[tuple[str, tuple]] = []
    execute = database.obj.execute_sql
    database.obj.execute_sql = lambda sql, params=None: (seen.append((sql, params)), execute(sql, params))[1]
    try:
        yield seen
    finally:
        database.obj.execute_sql = execute


def ways_in(town: Town) -> list[str]:
    """By which index each look goes, as the database explains it."""
    setting.forget()
    case = same.with_places().where(Case.state == "dispatched").order_by(Case.id.desc()).first()
    with _seen() as seen:
        nearby.nearby(
            with_labels(), actor=actor_of(town.person("zhanglan")), community=town.community(),
            place=town.building("3号楼"), point=HERE, category="street_light",
        )  # fmt: skip
        same.surely(case)
    looks = [(sql, params) for sql, params in seen if '"t1"."closed_at" IS' in sql and "COALESCE" in sql]
    told = []
    for sql, params in looks:
        how = "EXPLAIN QUERY PLAN " if database.obj.is_sqlite else "EXPLAIN "
        plan = " ".join(str(row) for row in database.execute_sql(how + sql, params).fetchall())
        told.append(", ".join(dict.fromkeys(re.findall(r"case_[a-z_]+|Seq Scan on \"?case\"?|SCAN t1\b", plan))))
    return told


def measure(town: Town, folder: Path, url: str, requests: int) -> None:
    """One engine, at both sizes."""
    engine = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    report(town, category="street_light", words="3号楼门口路灯不亮", point=HERE)
    for size in SIZES:
        seconds = seed(town, size)
        if not database.obj.is_sqlite:
            database.execute_sql("ANALYZE")  # its autovacuum does so within a minute
        asks, ways = asks_of(town, size), ways_in(town)
        database.close()
        port, reference = free_port(), free_port()
        env = {
            "DATA": str(folder), "PORT": str(port), "DOORSTEP_DATABASE__URL": url,
            "DOORSTEP_SANDBOX__ENABLED": "false", "DOORSTEP_WECHAT__API": "http://127.0.0.1:9/wechat",
            "DOORSTEP_LOG__LEVEL": "error", "DOORSTEP_LIMITS__CASES": "1000000/hour",
            "DOORSTEP_LIMITS__CASES_COMMUNITY": "1000000/hour", "DOORSTEP_LIMITS__NEARBY": "1000000/hour",
            "REFERENCE_URL": url,
        }  # fmt: skip
        print(f"\n{engine}, {size:,} cases in one community (seeded in {seconds:.0f} s), one after the other")
        with served(["wsgi:app"], port, env), served(["tests.bench_reference:app"], reference, env):
            ours, theirs = Stopwatch(port), Stopwatch(reference)
            hello = Ask("GET", "/hello", {})
            for name, ask in asks.items():
                times, bare = [], []
                for number in range(requests + 20):
                    pair = ours.milliseconds(ask, number + size), theirs.milliseconds(hello, number)
                    if number >= 20:  # the first ones warm up
                        times.append(pair[0])
                        bare.append(pair[1])
                median, ninety_fifth = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
                print(
                    f"  {name:<34} median {median:6.1f} ms, p95 {ninety_fifth:6.1f} ms;"
                    f" {median / statistics.median(bare):.1f} times a bare hello ({statistics.median(bare):.2f} ms)"
                )
        print("  ways in: " + "; ".join(ways))


def show(requests: int = 200, engines: tuple[str, ...] = ("sqlite", "postgres")) -> None:
    """Both engines, one after the other."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-bench-")))
        if "sqlite" in engines:
            sqlite_url = f"sqlite:///{folder / 'near.sqlite'}"
            found(sqlite_url)
            with town_at(folder, sqlite_url) as town:
                measure(town, folder, sqlite_url, requests)
        if "postgres" not in engines:
            return
        servers = stack.enter_context(running(["postgres"], open_folder()))
        url = stack.enter_context(postgres_copy(servers["postgres"]))
        found(url)
        with town_at(folder, url) as town:
            measure(town, folder, url, requests)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), help="one of the two alone")
    args = parser.parse_args()
    show(args.requests, (args.engine,) if args.engine else ("sqlite", "postgres"))
