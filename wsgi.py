"""The app for gunicorn: `gunicorn wsgi:app`; `python -m app.cli run` does it with the right options."""

from app.factory import create_app

app = create_app()
