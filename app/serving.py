"""Start and watch the processes of one machine: the web server (gunicorn) and the worker.

The options of gunicorn stand here and nowhere else; the reasons are in docs/decisions/0002-server.md.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from app import logs
from app.config import Settings

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 30


def gunicorn_command(settings: Settings) -> list[str]:
    """The command line of the web server."""
    server = settings.server
    return [
        sys.executable, "-m", "gunicorn", "wsgi:app",
        "--bind", f"{server.host}:{server.port}",
        "--worker-class", "gthread", "--workers", str(server.processes), "--threads", str(server.threads),
        # One socket file for all servers of a user would make two installations meet.
        "--no-control-socket",
        "--timeout", "120", "--graceful-timeout", "8", "--keep-alive", "5",
        "--log-level", settings.log.level, "--forwarded-allow-ips", "",
        "--logger-class", f"{logs.ServerLog.__module__}.{logs.ServerLog.__qualname__}",
        *(["--access-logfile", "-", "--access-logformat", logs.ACCESS_FORMAT] if settings.log.access else []),
    ]  # fmt: skip


def exec_gunicorn(settings: Settings) -> None:
    """Become the web server."""
    os.chdir(ROOT)
    os.execv(sys.executable, gunicorn_command(settings))  # noqa: S606 - our own command line


def run_all(settings: Settings, after_start: Callable[[], None]) -> None:
    """Web server and worker until SIGTERM or Ctrl-C; a worker that dies is started again, a dead server ends all."""
    commands = {"web": gunicorn_command(settings), "worker": [sys.executable, "-m", "app.cli", "worker"]}
    running = {name: subprocess.Popen(command, cwd=ROOT, start_new_session=True) for name, command in commands.items()}
    stopping = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.append(True))
    try:
        _wait_until_up(settings, running["web"], stopping)
        if not stopping:
            after_start()
        while not stopping and running["web"].poll() is None:
            if running["worker"].poll() is not None:
                print("后台进程意外退出，正在重新启动。", file=sys.stderr, flush=True)
                running["worker"] = subprocess.Popen(commands["worker"], cwd=ROOT, start_new_session=True)
            time.sleep(0.3)
    finally:
        _stop(list(running.values()))
    if not stopping:
        sys.exit("网页服务已退出。")


def _wait_until_up(settings: Settings, web: subprocess.Popen, stopping: list) -> None:
    url, end = f"http://127.0.0.1:{settings.server.port}/healthz", time.monotonic() + START_SECONDS
    while time.monotonic() < end and not stopping:
        if web.poll() is not None:
            sys.exit(f"网页服务没有启动。端口 {settings.server.port} 可能已被占用，可以用 PORT=8001 make run 换一个。")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    if not stopping:
        sys.exit("网页服务在一分钟内没有启动，请看上面的记录。")


def _stop(processes: list[subprocess.Popen]) -> None:
    """Ask to stop, wait, and only then insist."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
