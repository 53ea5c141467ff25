"""Where photos and exports are kept: a folder of this machine or a bucket of S3-compatible storage, by one address.

A file is whole or absent, and once put() returns it survives a power cut: the storage answers after it has stored, and
what obstore writes to a local folder (a temporary file, renamed) is flushed here together with the folders above it.

obstore's threads start with the first call and do not survive a fork: the child of a process that has used a store
already would wait for ever, so it is refused at once.
"""

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

_KEY = re.compile(r"(?=.{1,200}\Z)[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_PROBE = "health/probe"
_threads = {"started": False, "lost": False}


def _after_fork() -> None:
    _threads["lost"] = _threads["started"]


os.register_at_fork(after_in_child=_after_fork)


class FileMissing(KeyError):
    """No file is kept under this key."""


class FilesUnavailable(Exception):
    """The storage does not answer or refuses; try again later. The reason is the cause, which may name internals."""


class Files:
    """A store of files under keys such as "photos/2026/4f0c.jpg": letters, digits, dots, dashes; at most 200 long."""

    def __init__(self, url: str) -> None:
        """url: file:///folder (made when absent) or s3://bucket/prefix (with the usual AWS_ variables)."""
        parts = urlsplit(url)
        self._folder = Path(unquote(parts.path)) if parts.scheme == "file" else None
        self._store: LocalStore | S3Store
        if self._folder:
            self._store = LocalStore(self._folder, mkdir=True)
        elif parts.scheme == "s3":
            # Someone is waiting for the answer, so the storage has seconds, not minutes; plain http is for the own
            # network; deleting one by one is understood by every S3-compatible storage.
            self._store = S3Store.from_url(
                url,
                client_options={"timeout": "20s", "connect_timeout": "3s", "allow_http": True},
                retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
                disable_bulk_delete=True,
            )
        else:
            raise ValueError("files are kept under file:///folder or s3://bucket/prefix")

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Keep data under a key, replacing what was there. Raises ValueError for a bad key, FilesUnavailable."""
        attributes = None if self._folder else {"Content-Type": content_type}  # a folder has no place for it
        with _refusals(key):
            self._store.put(_checked(key), data, attributes=attributes, use_multipart=False)
            if self._folder:
                _flush(self._folder, self._folder / key)

    def put_all(self, files: Mapping[str, bytes], content_type: str) -> None:
        """Keep several files, all of them or none. Raises ValueError for a bad key, FilesUnavailable."""
        try:
            for key, data in files.items():
                self.put(key, data, content_type)
        except FilesUnavailable:
            self.discard(files)
            raise

    def discard(self, keys: Iterable[str]) -> None:
        """Forget what nobody will ask for; a storage that does not answer keeps it."""
        for key in keys:
            with contextlib.suppress(FilesUnavailable):
                self.delete(key)

    def get(self, key: str) -> bytes:
        """The bytes kept under a key. Raises FileMissing, FilesUnavailable, ValueError for a bad key."""
        with _refusals(key):
            return bytes(self._store.get(_checked(key)).bytes())

    def exists(self, key: str) -> bool:
        """Whether something is kept under a key. Raises FilesUnavailable, ValueError for a bad key."""
        try:
            with _refusals(key):
                self._store.head(_checked(key))
        except FileMissing:
            return False
        return True

    def delete(self, key: str) -> None:
        """Forget what is kept under a key; nothing there is fine. Raises FilesUnavailable, ValueError for a bad key."""
        with contextlib.suppress(FileMissing), _refusals(key):
            self._store.delete(_checked(key))

    def listed(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """Every key that begins with "folder/", with when it was put (aware, UTC). Raises FilesUnavailable."""
        with _refusals(folder):
            for batch in self._store.list(_checked(folder), chunk_size=500):
                for found in batch:
                    if _KEY.fullmatch(found["path"]):  # not what is being put at this moment
                        yield found["path"], found["last_modified"]

    def healthy(self) -> bool:
        """Whether a file can be put and read back right now."""
        try:
            self.put(_PROBE, b"ok", "text/plain")
            return self.get(_PROBE) == b"ok"
        except (FilesUnavailable, FileMissing):
            return False


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("not a key: letters, digits, dots, dashes and underscores between single slashes")
    return key


@contextlib.contextmanager
def _refusals(key: str) -> Iterator[None]:
    if _threads["lost"]:
        raise RuntimeError("a store was used before this process was forked; use it only after the fork")
    _threads["started"] = True
    try:
        yield
    except FileNotFoundError:
        raise FileMissing(key) from None
    except (BaseError, OSError) as error:
        raise FilesUnavailable("the storage did not do what it was asked") from error


def _flush(root: Path, file: Path) -> None:
    """Force a file and every folder from it up to the root onto the disk."""
    for path in (file, *(folder for folder in file.parents if folder.is_relative_to(root))):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
