"""Arrays that stay on disk until they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray


def open_arrays(folder: Path, prefix: str, names: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Open FOLDER/PREFIX + NAME + .npy by memory map, each as a plain array: numba takes a memmap ten times as long."""
    return {name: np.load(folder / f"{prefix}{name}.npy", mmap_mode="c").view(np.ndarray) for name in names}
