"""What the workers of a run share is made once, whoever asks and whenever."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.sharing import made_once

if TYPE_CHECKING:
    from pathlib import Path


def test_many_who_ask_at_once_get_what_the_first_made(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whoever comes while it is being made waits, and finds it whole."""
    made = []

    def make(folder: Path) -> None:
        made.append(folder)
        time.sleep(0.1)  # so that the others are waiting by then
        (folder / "whole").touch()

    def ask(_: int) -> bool:
        return (made_once(tmp_path_factory, "asked-at-once", make) / "whole").is_file()

    with ThreadPoolExecutor(4) as askers:
        assert all(askers.map(ask, range(8)))
    assert len(made) == 1


def test_what_was_left_half_made_is_made_anew(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A maker that fails leaves nothing that the next would take for whole."""

    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        made_once(tmp_path_factory, "half-made", fail)
    again = made_once(tmp_path_factory, "half-made", lambda folder: (folder / "whole").touch())
    assert [each.name for each in again.iterdir()] == ["whole"]
