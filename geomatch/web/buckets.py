"""How much each of many has had lately, in a small file that all processes of a machine map; it never grows.

What is kept of each is the moment at which it will have had nothing lately (the generic cell rate algorithm). Where
there is no room for one more, the one that has had least lately is forgotten, which is to its good.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import os
import threading
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SLOTS, PROBES = 1 << 16, 8
"""How many are known at once, and in how many places one may stand."""

_SLOT_BYTES = 16
_log = logging.getLogger(__name__)


class Buckets:
    """The figures at a path, mapped when they are first asked; thread-safe."""

    def __init__(self, path: Path) -> None:
        """Take where the file is, or is to be."""
        self._path = path
        self._opening, self._taking = threading.Lock(), threading.Lock()
        self._file = -1
        self._keys: memoryview[int] | None = None
        self._times: memoryview[float] | None = None

    def take(self, name: str, *, at_once: int, every_s: float, now: float, only_look: bool = False) -> float:
        """Take one of what somebody may have; gives 0, or after how many seconds there is one, and takes none.

        Args:
            name: who, of whatever kind.
            at_once: how many may be had at once.
            every_s: after how many seconds there is one more.
            now: seconds since 1970.
            only_look: True where none is taken in any case.
        """
        self._open()
        if self._keys is None or self._times is None:
            raise RuntimeError
        key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") or 1
        with self._taking:  # which keeps threads apart, as the lock on the file does processes
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                slot = _slot(self._keys, self._times, key, now)
                known = self._times[slot] if self._keys[slot] == key else now
                free_at = min(max(known, now), now + at_once * every_s)  # a clock that was set back locks nobody out
                wait_s = free_at + every_s - at_once * every_s - now
                if wait_s > _SLACK_S:
                    return wait_s
                if not only_look:
                    self._keys[slot], self._times[slot] = key, free_at + every_s
                return 0.0
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _open(self) -> None:
        with self._opening:
            if self._keys is not None:
                return
            size = SLOTS * _SLOT_BYTES
            self._file, mapped = _mapped(self._path, size)
            view = memoryview(mapped)
            self._keys = view[: size // 2].cast("Q")
            self._times = view[size // 2 :].cast("d")


_SLACK_S = 1e-6


def _mapped(path: Path, size: int) -> tuple[int, mmap.mmap]:
    """Map the file; where there is none to be had, memory of this process alone serves."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        _log.warning("limits are kept by each process for itself: %s: %s", path, error.strerror)
        file = os.memfd_create("geomatch-limits")
    if os.fstat(file).st_size < size:
        os.ftruncate(file, size)  # whoever comes second makes it no shorter, and changes nothing in it
    return file, mmap.mmap(file, size)


def _slot(keys: memoryview[int], times: memoryview[float], key: int, now: float) -> int:
    """Find where a key stands; else a place that is free; else that of whoever has had least lately."""
    places = [(key + step) % SLOTS for step in range(PROBES)]
    for place in places:
        if keys[place] == key:
            return place
    return min(places, key=lambda place: times[place] if times[place] > now else 0.0)
