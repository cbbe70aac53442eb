"""A counter in a small file that all processes of a machine map: it moves when something changed.

Looking at it takes nanoseconds. It only says that the list of changes is worth a look, and never what changed; nothing
is lost with it. Whoever cannot have it looks at the list every time.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import os
import threading
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_BYTES = 8
_log = logging.getLogger(__name__)


class Counter:
    """The counter at a path, mapped when it is first asked; thread-safe."""

    def __init__(self, path: Path) -> None:
        """Take where the file is, or is to be."""
        self._path = path
        self._opening, self._moving = threading.Lock(), threading.Lock()
        self._file = -1
        self._view: memoryview | None = None
        self._without: count[int] | None = None

    def value(self) -> int:
        """Read it; where there is no file to be had, every reading differs from the one before."""
        view = self._view
        if view is None:
            view = self._opened()
        return view[0] if view is not None else -next(self._without or count(1))

    def move(self) -> None:
        """Move it; no two of those who move it at the same time leave it where it was."""
        view = self._view if self._view is not None else self._opened()
        if view is None:
            return
        with self._moving:  # which keeps threads apart, as the lock on the file does processes
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                view[0] = (view[0] + 1) % (1 << 63)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _opened(self) -> memoryview | None:
        with self._opening:
            if self._view is None and self._without is None:
                try:
                    self._open()
                except OSError as error:
                    _log.warning("changes are looked up at every answer: %s: %s", self._path, error.strerror)
                    self._without = count(1)
        return self._view

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        if os.fstat(self._file).st_size < _BYTES:
            os.ftruncate(self._file, _BYTES)  # whoever comes second makes it no shorter, and changes nothing in it
        self._view = memoryview(mmap.mmap(self._file, _BYTES)).cast("Q")
