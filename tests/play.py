"""`make story`: whole days at the doorstep, one after the other, on an own installation or on that named by ADDRESS."""

import os
import subprocess
import sys
import tempfile

from tests.story import ROOT, StoryBroken, Web, free_port, installation, play, tell
from tests.story_city import alarm, figures, four_units, three_days


def days(address: str, folder: str | None) -> None:
    """All chapters; time can only be made to pass where we know the folder of the installation."""
    web = Web(address)
    desk = play(address)
    four_units(desk, web)
    alarm(web)
    figures(desk)
    if folder is None:
        tell("三天没人管", "这一章要让时间过去，只在自己起的服务上演")
        return
    three_days(desk, web, lambda span: pass_time(folder, span))


def pass_time(folder: str, span: str) -> None:
    """Let time pass in the installation in a folder, as somebody who shows it would."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "pass-time", span], cwd=ROOT, env={**os.environ, "DATA": folder},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise StoryBroken(f"时间没有过去：{done.stderr}")
    tell("时间", done.stdout.strip())


def main() -> None:
    """Play, and end with 1 at the first step that nobody saw."""
    address = os.environ.get("ADDRESS")
    try:
        if address:
            days(address, None)
        else:
            with (
                tempfile.TemporaryDirectory(prefix="doorstep-story-") as folder,
                installation(free_port(), folder) as own,
            ):
                days(own, folder)
    except StoryBroken as broken:
        sys.exit(f"故事断了：{broken}")
    print("故事讲完了，每一步都有人看见。")


if __name__ == "__main__":
    main()
