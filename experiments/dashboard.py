"""Serve the page of `viz`: a process of its own, told to keep to this machine and to itself."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from argparse import Namespace

from experiments.errors import BadInput, Problem

PORT, LOOPBACK = 8765, "127.0.0.1"
CLOSED_AFTER = "60s"
"""A page that has lost its connection is closed, and its economies freed, after this time."""


def dashboard_command(options: Namespace) -> int:
    """Serve the page until interrupted."""
    port, host = port_of(options.port), host_of(options.host)
    refuse_taken(host, port)
    command = [sys.executable, "-m", "solara", "run", "viz.app", "--host", host, "--port", str(port)]
    command += ["--production", "--no-open", "--no-check-version", "--log-level", "warning"]
    server = subprocess.Popen([*command, "--log-level-uvicorn", "warning"], env=environment())
    signal.signal(signal.SIGTERM, _interrupt)
    print(f"The dashboard is at http://{host}:{port} (Ctrl+C ends it).", flush=True)
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait(timeout=20)
        raise KeyboardInterrupt("the dashboard is closed") from None


def _interrupt(_number: int, _frame: object) -> None:
    """Take the server along when this process is told to end."""
    raise KeyboardInterrupt


def environment() -> dict[str, str]:
    """Return the environment of the server: no telemetry, a secret of its own, pages closed soon."""
    return {
        "SOLARA_SESSION_SECRET_KEY": secrets.token_urlsafe(32),
        "SOLARA_KERNEL_CULL_TIMEOUT": CLOSED_AFTER,
        **os.environ,
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    }


def port_of(text: str | None) -> int:
    """Return a port, or refuse what is none."""
    if text is None:
        return PORT
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise BadInput(Problem("--port", "a whole number from 1 to 65535", text))
    return int(text)


def host_of(text: str | None) -> str:
    """Return a host, or refuse what cannot be one."""
    if text is None:
        return LOOPBACK
    if not re.fullmatch(r"[A-Za-z0-9.:\-]{1,253}", text) or text.startswith("-"):
        raise BadInput(Problem("--host", "the name or address of a network interface", text))
    return text


def refuse_taken(host: str, port: int) -> None:
    """Refuse a port that something else listens on, and a host that is not on this machine."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        what = f"nothing can listen at {host}:{port} ({error.strerror})"
        raise BadInput(Problem(what, "a free port, `--port N`, of this machine")) from None
