"""Serve the bare route as `geomatch serve` serves its own: bare_serve.py PORT WORKERS."""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

if __name__ == "__main__":
    Granian(
        "bare_app:app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=int(sys.argv[2]),
        factory=True,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()
