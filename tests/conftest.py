"""What every test may ask for. The real servers and the browser have files of their own."""

pytest_plugins = ["tests.servers", "tests.browser", "tests.town", "tests.install"]
