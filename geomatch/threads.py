"""Many points at once: independent slices of them on as many threads as there are processors.

Only for kernels that let go of the interpreter's lock; how many threads there are never changes an answer.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

WORTH_A_THREAD = 16_384
"""Points; a thread takes about as long to start as to snap a thousand, and nobody waits long for fewer than these."""


def in_slices(work: Callable[[slice], object], count: int) -> None:
    """Do work for slices that are together 0:count, each in a thread of its own, and return when all are done."""
    threads = count // WORTH_A_THREAD
    if threads > 1:
        threads = min(threads, _processors())
    if threads <= 1:
        work(slice(0, count))
        return
    bounds = np.linspace(0, count, threads + 1).astype(int).tolist()
    slices = [slice(start, end) for start, end in pairwise(bounds)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, slices))


def _processors() -> int:
    """Processors that this process may use; asked each time, since they may be changed while it runs."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
