"""The browser of pictures and tests: which Chromium, how it is started, and two sizes of screen."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """The path of a Chromium: that which ``CHROMIUM`` names, else one that is found or fetched."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    found = subprocess.run(
        [Path(__file__).parent / "chromium.sh"], check=True, capture_output=True, text=True
    )
    return found.stdout.strip()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
