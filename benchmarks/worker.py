"""The loop that every side of a race runs in its own process: read a job's name, do it, answer how long it took.

Law: standard library only, so that it runs in the environment of any side.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ANSWER = "answer "
"""How a line starts that is an answer; libraries print lines of their own."""


def told(threads: int) -> dict[str, str]:
    """Environment that tells a side's libraries how many threads to take."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    return dict.fromkeys(names, str(threads))


def serve(jobs: Mapping[str, Callable[[], object]]) -> None:
    """Do the jobs named on standard input, one a line, until it closes.

    A job's own answer, where it has one, must be something that JSON can hold; it is sent along and not timed.
    """
    for line in sys.stdin:
        start, cpu_start = time.perf_counter(), time.process_time()
        result = jobs[line.strip()]()
        seconds, cpu_s = time.perf_counter() - start, time.process_time() - cpu_start
        sys.stdout.write(f"{ANSWER}{json.dumps({'seconds': seconds, 'cpu_s': cpu_s, 'result': result})}\n")
        sys.stdout.flush()


def resident_bytes() -> int:
    """Memory of this process that is its own or mapped and touched, now."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - nothing to join
        return int(file.read().split()[1]) * resource.getpagesize()
