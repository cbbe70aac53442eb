"""Modules that a library opens where it finds them, made to look as if they were not installed while it is opened."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Let modules that nobody has opened yet look as if they were not installed; afterwards they can be opened."""
    modules: dict[str, Any] = sys.modules
    hidden = [name for name in names if name not in modules]
    modules.update(dict.fromkeys(hidden))  # None is how Python marks what must not be found
    try:
        yield
    finally:
        for name in hidden:
            del modules[name]
