"""What takes long to make is made once for all the workers of a run."""

from __future__ import annotations

import fcntl
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def worker() -> str:
    """Name the worker that these tests run in."""
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Give the folder that whoever asked first has filled; the others wait for it. Read it only.

    Args:
        factory: knows the folder of the run.
        name: of the folder.
        make: fills the folder, which is there and empty.
    """
    base = factory.getbasetemp()
    shared = (base if worker() == "alone" else base.parent) / "made"
    shared.mkdir(exist_ok=True)
    folder = shared / name
    with (shared / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.fstat(lock.fileno()).st_size:  # nobody wrote yet that it is whole
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            lock.write("made")
    return folder
