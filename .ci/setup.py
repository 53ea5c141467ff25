"""Prepares this folder for `make run` or `make test`. Called by .ci/setup, so only the standard library is at hand.

Everything goes into .venv and node_modules: Python packages by uv, Node among them, then npm packages by that Node,
all of them checked against the hashes in the lock files. A stamp in .venv remembers what was prepared, and when nothing
changed the answer is immediate. The mini-program is built for browsers when one of its files has changed. Two makes
may run at once: the second waits for the first.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".prepared"
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
KEYED_BY = [*LOCKS.values(), "package-lock.json", ".ci/uv.lock", ".ci/setup.py"]
PREVIEW = ROOT / "build" / "preview"
PREVIEW_OF = ["miniprogram", "app/sandbox/preview"]
SYSTEM_CERTIFICATES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]


def main(purpose: str) -> None:
    """Prepare for `run` or `test`; what is prepared for the tests serves `run` as well."""
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    key = fingerprint()
    if not prepared(purpose, key):
        print("正在准备运行环境，第一次需要一两分钟……", flush=True)
        STAMP.unlink(missing_ok=True)
        make_environment()
        install_python_packages(LOCKS[purpose])
        run(ROOT / ".ci" / "npm", "ci", "--loglevel=error", *([] if purpose == "test" else ["--omit=dev"]))
        STAMP.write_text(f"{purpose} {key}")
    build_preview()
    if purpose == "test":
        run(PYTHON, "-m", "tests.browser")


def fingerprint() -> str:
    """Changes with every lock file, and with the place: the scripts in .venv know their folder by its full name."""
    seen = hashlib.sha256(str(ROOT).encode())
    for name in KEYED_BY:
        seen.update((ROOT / name).read_bytes())
    return seen.hexdigest()


def prepared(purpose: str, key: str) -> bool:
    """Whether the stamp, the interpreter (a system upgrade may take it away) and node_modules are all there."""
    stamp = STAMP.read_text() if STAMP.exists() else ""
    return stamp in (f"{purpose} {key}", f"test {key}") and PYTHON.exists() and (ROOT / "node_modules").is_dir()


def make_environment() -> None:
    """Make .venv afresh, with pip and uv in it, unless the one that is there is whole and was made here."""
    whole = PYTHON.exists() and str(VENV) in (VENV / "bin" / "activate").read_text()
    if not whole:
        need_ensurepip()
        venv.create(VENV, clear=True, symlinks=True, with_pip=True)
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", ".ci/uv.lock")


def need_ensurepip() -> None:
    """Debian keeps ensurepip in a package of its own: install it when we may, else say its name."""
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if importlib.util.find_spec("ensurepip"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"这个 Python 缺少 venv 组件。请先安装（Debian、Ubuntu：sudo apt install {package}），再运行一次。")
    run("apt-get", "update", "-q")
    run("apt-get", "install", "-y", "-q", "--no-install-recommends", package)


def install_python_packages(lock: str) -> None:
    """Make .venv hold exactly what the lock file names, every hash checked; nothing is compiled here."""
    settings = {"UV_HTTP_TIMEOUT": "120"}
    if any(map(os.path.exists, SYSTEM_CERTIFICATES)):
        settings["UV_SYSTEM_CERTS"] = "1"  # behind a company's proxy only the system's certificates are right
    if index := pip_index():
        settings["UV_DEFAULT_INDEX"] = index
    sync = [VENV / "bin" / "uv", "pip", "sync", "-q", "--require-hashes", "--no-build", "--python", PYTHON, lock]
    run(*sync, settings=settings)


def pip_index() -> str:
    """The package index pip was told to use, often a mirror near by: uv does not read pip's settings."""
    asked = subprocess.run(
        [PYTHON, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    return os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()


def build_preview() -> None:
    """Make the mini-program run in browsers, anew whenever one of its files or the npm packages have changed."""
    made, key = PREVIEW / ".made", source_of_preview()
    if made.exists() and made.read_text() == key:
        return
    made.unlink(missing_ok=True)
    run(ROOT / ".ci" / "node", "app/sandbox/preview/build.mjs", "miniprogram", PREVIEW)
    made.write_text(key)


def source_of_preview() -> str:
    """Changes with every file the preview is made of."""
    seen = hashlib.sha256((ROOT / "package-lock.json").read_bytes())
    for folder in PREVIEW_OF:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and "miniprogram_npm" not in path.parts:
                seen.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return seen.hexdigest()


def run(*command: str | Path, settings: dict[str, str] | None = None) -> None:
    """Run one step in the root folder; the environment wins over our settings. The step says itself what went wrong."""
    subprocess.run(command, cwd=ROOT, env={**(settings or {}), **os.environ}, stdin=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except subprocess.CalledProcessError as failed:
        step = " ".join(map(str, failed.cmd))
        sys.exit(f"准备没有完成，停在这一步：{step}\n请看上面的原因（多半是网络），修好后再运行一次，会从头核对。")
