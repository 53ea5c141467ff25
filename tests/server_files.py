"""Where the servers of the tests have their files, and the user they run as: nobody, when root starts them."""

import os
import pwd
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

NOBODY = pwd.getpwnam("nobody")
MEMORY = Path("/dev/shm")
ENOUGH = 2 << 30  # bytes free in memory for the databases of a whole run and all its workers


def unprivileged(folder: Path) -> dict[str, object]:
    """How a server is started by subprocess: in its folder, with nothing of our environment, and never as root."""
    user = {"user": NOBODY.pw_uid, "group": NOBODY.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    return {"cwd": folder, "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}, **user}


def hand_over(path: Path) -> None:
    """Give a file or a whole folder to the user the servers run as."""
    if os.geteuid() == 0:
        for each in [path, *path.rglob("*")]:
            os.chown(each, NOBODY.pw_uid, NOBODY.pw_gid, follow_symlinks=False)


def lend(package: str, folder: Path) -> Path:
    """The folder of an installed package, to run programs from. Not imported, as that would already do things.

    Root's .venv may be closed to the user nobody, who gets a copy, with the libraries that a wheel has beside it.
    """
    (home,) = find_spec(package).submodule_search_locations
    if os.geteuid() != 0:
        return Path(home)
    unneeded = shutil.ignore_patterns("include", "__pycache__")
    for source in filter(Path.exists, [Path(home), Path(home + ".libs")]):
        hand_over(shutil.copytree(source, folder / source.name, symlinks=True, ignore=unneeded))
    return folder / package


def open_folder() -> Path:
    """A new temporary folder that the user nobody can reach, even when TMPDIR points into root's own home."""
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    reachable = [place for place in places if all(each.stat().st_mode & 0o001 for each in [place, *place.parents])]
    folder = Path(tempfile.mkdtemp(prefix="doorstep-servers-", dir=(reachable or places)[0]))
    folder.chmod(0o711)
    return folder


def quick_folder(folder: Path) -> Path:
    """A new folder in memory for the user the servers run as, where there is room for it; else one in `folder`."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    quick = Path(tempfile.mkdtemp(prefix="doorstep-data-", dir=MEMORY if roomy else folder))
    hand_over(quick)
    return quick
