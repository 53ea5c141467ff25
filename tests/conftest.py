"""What every test may ask for. The real servers and the browser have files of their own."""

pytest_plugins = ["tests.servers", "tests.browser", "tests.town", "tests.install"]

#: Files that take longest for how few tests they have: a worker that got one of them last would work on alone.
FIRST = ("tests/fuzz/test_short.py", "tests/miniprogram/", "tests/test_walk.py", "tests/handlers/console/test_xss.py",
         "tests/test_canaries.py", "tests/test_channels.py", "tests/test_kill.py", "tests/test_migrate.py")  # fmt: skip


def pytest_collection_modifyitems(items: list) -> None:
    """The long files first, in this order; `--no-loadscope-reorder` of the Makefile keeps it among the workers."""

    def turn(item) -> int:
        return next((at for at, path in enumerate(FIRST) if item.nodeid.startswith(path)), len(FIRST))

    items.sort(key=turn)
