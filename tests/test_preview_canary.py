"""What somebody types into the preview stands on the page, and nowhere else."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from click.testing import CliRunner

from bot.cli import main

CANARY = "quetzalword"
PROGRAM = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, filename={log!r})
from bot import cli
cli.main(["preview", "--no-browser"], standalone_mode=False)
"""


def test_nothing_that_was_typed_is_in_a_log_a_file_or_an_output(tmp_path: Path) -> None:
    log = tmp_path / "log"
    environment = {**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    environment["PYTHONPATH"] = str(Path(__file__).parent.parent)
    environment.pop("WAYMARK_HOME", None)
    program = [sys.executable, "-c", PROGRAM.format(log=str(log))]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as bot:
        assert bot.stdout
        address = urlsplit((re.findall(r"http://\S+", bot.stdout.readline()) or [""])[0])
        assert address.port
        for path, body in (
            ("/act/say", {"text": f"my name is {CANARY}"}),
            ("/act/jump", {"flow": "pressure_to_sign", "state": "words"}),
            ("/act/say", {"text": CANARY}),
            ("/act/say", {"text": f"he is here {CANARY}"}),
            ("/act/press", {"button": CANARY}),
            ("/act/jump", {"flow": CANARY, "state": CANARY}),
            ("/act/place", {"code": CANARY}),
            ("/act/" + CANARY, {"text": CANARY}),
            ("/act/say", [CANARY]),
            ("/" + CANARY, {}),
        ):
            connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=30)
            here = f"http://127.0.0.1:{address.port}"
            key = {"authorization": f"Bearer {address.fragment}", "origin": here}
            connection.request("POST", path, json.dumps(body), key)
            assert connection.getresponse().status in {204, 400, 404}
            connection.close()
        bot.terminate()
        said, wrong = bot.communicate(timeout=30)
        assert bot.returncode == 0
    assert CANARY not in said + wrong
    assert address.fragment not in wrong
    assert log.exists()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert CANARY.encode() not in held
            assert address.fragment.encode() not in held


def test_a_folder_with_nothing_to_show_is_one_clear_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["preview", "--no-browser", str(tmp_path)])
    assert done.exit_code == 1
    assert "no flows/, content/ or locales/ here" in done.output


def test_without_the_extra_it_is_one_clear_line() -> None:
    program = "import sys; sys.modules['uvicorn'] = None; from bot import cli; cli.main(['preview', '--no-browser'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "extra `web`" in done.stderr
    assert done.stderr.count("\n") == 1
