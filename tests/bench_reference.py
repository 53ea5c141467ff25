"""The references of `make bench`, under the same gunicorn as the product: a bare hello, one durable insert, one query.

Bare Flask and the bare driver, one connection a thread, nothing else; chosen by the environment variable REFERENCE_URL.
"""

import os
import sqlite3
import threading
from urllib.parse import urlsplit

import psycopg
from flask import Flask, jsonify, request

URL = os.environ.get("REFERENCE_URL", "")
LIST = (
    'SELECT c.key, c.number, c.state, c.words, c.place_words, c.hazard, c.created_at, k.name, p.label FROM "case" c'
    " JOIN category k ON k.id = c.category_id LEFT JOIN place p ON p.id = c.place_id"
    " WHERE c.reporter_id = {0} ORDER BY c.id DESC LIMIT 20"
)

app = Flask("reference")
mine = threading.local()


def connection():
    """This thread's own connection, durable as the product's."""
    if not hasattr(mine, "connection"):
        if URL.startswith("sqlite"):
            mine.connection = sqlite3.connect(urlsplit(URL).path[1:], timeout=10, isolation_level=None)
            mine.connection.execute("PRAGMA journal_mode = wal")
            mine.connection.execute("PRAGMA synchronous = full")
        else:
            mine.connection = psycopg.connect(URL, autocommit=True)
    return mine.connection


def placeholder() -> str:
    return "?" if URL.startswith("sqlite") else "%s"


@app.get("/hello")
def hello():
    return "hello"


@app.post("/insert")
def insert():
    body = request.get_data(as_text=True)
    connection().execute(f"INSERT INTO reference_note (body) VALUES ({placeholder()})", (body,))
    return "success"


@app.get("/list/<int:reporter>")
def rows(reporter: int):
    names = ("key", "number", "state", "words", "place_words", "hazard", "created_at", "category", "place")
    found = connection().execute(LIST.format(placeholder()), (reporter,)).fetchall()
    return jsonify([dict(zip(names, map(str, row), strict=True)) for row in found])
