"""The app for gunicorn: `gunicorn wsgi:app` (the command line does it with the right options: `python -m app.cli run`)."""

from app.factory import create_app

app = create_app()
