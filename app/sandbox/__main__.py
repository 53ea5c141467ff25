"""Serve the sandbox alone: python -m app.sandbox --config file.json --port 8001 [--host 127.0.0.1]."""

import argparse
import json
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from app.sandbox.server import create_sandbox


class QuietHandler(WSGIRequestHandler):
    """Writes no line per request: addresses carry tokens, and /control/calls tells more."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main() -> None:
    """Read the configuration, say the address on the first line, serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m app.sandbox", description="本机的小微信，供开发和测试使用。")
    parser.add_argument("--config", required=True, help="JSON 配置文件")
    parser.add_argument("--port", type=int, default=8001, help="端口，0 表示任选一个空闲端口")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认只有本机能访问")
    arguments = parser.parse_args()
    app = create_sandbox(json.loads(Path(arguments.config).read_text(encoding="utf-8")))
    server = make_server(arguments.host, arguments.port, app, threaded=True,
                         request_handler=QuietHandler)
    print(f"listening on http://{arguments.host}:{server.server_port}", flush=True)
    app.extensions["sandbox"].courier.ensure_running()  # what an earlier run still owes goes out at once
    server.serve_forever()


if __name__ == "__main__":
    main()
