"""A folder as one ZIP whose bytes depend on its files and nothing else."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from geomatch.files.atomic import write_beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_READABLE = 0o644 << 16


@contextmanager
def zipped(path: Path, *, made: datetime) -> Iterator[Path]:
    """Give an empty folder; when the block ends its files become a ZIP, by name, each as old as `made`.

    Raises:
        InputError: the ZIP cannot be written there.
    """
    with write_beside(path) as beside, TemporaryDirectory(prefix="geomatch-") as scratch:
        folder = Path(scratch)
        yield folder
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.iterdir()):
                entry = zipfile.ZipInfo(file.name, made.timetuple()[:6])
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _READABLE
                archive.writestr(entry, file.read_bytes())
