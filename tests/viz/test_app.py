"""The page keeps to this machine however its server was started."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from viz.turns import Turns

ASK = """
import json, sys, viz.app
from solara.server import settings
secret = settings.session.secret_key != settings.SESSION_SECRET_KEY_DEFAULT
kernel = settings.kernel
print(json.dumps([settings.telemetry.mixpanel_enable, settings.main.mode, kernel.cull_timeout, secret]))
"""


@pytest.mark.slow
def test_a_server_started_by_hand_is_private_too(root):
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SOLARA_")}
    said = subprocess.run([sys.executable, "-c", ASK], cwd=root, env=plain, check=True, capture_output=True)
    assert json.loads(said.stdout) == [False, "production", "60s", True]


def test_a_picture_waits_for_an_answer():
    turns, order = Turns(), []

    def draw():
        with turns.drawing():
            order.append("picture")

    with turns.answering():
        drawing = threading.Thread(target=draw)
        drawing.start()
        time.sleep(0.05)
        order.append("answer")
    drawing.join()
    assert order == ["answer", "picture"]


def test_pictures_are_drawn_one_at_a_time():
    turns, drawn = Turns(), []

    def draw(name):
        with turns.drawing():
            drawn.append(name)
            time.sleep(0.02)
            drawn.append(name)

    both = [threading.Thread(target=draw, args=(name,)) for name in ("first", "second")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert drawn[0] == drawn[1]
    assert drawn[2] == drawn[3]
