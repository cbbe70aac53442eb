"""Use case: a bundled region's sources, to look at and to start from."""

from __future__ import annotations

import shutil
from pathlib import Path

import geomatch
from geomatch.errors import InputError, NotFoundError
from geomatch.files import region_file

NAMES = ("haidian", "ledu", "chaozhou")
SHOPS = "shops.csv"
"""Beside the sources of a bundled region: places where a site could be opened; no source of the build."""


def write_sample(name: str, folder: Path) -> tuple[Path, ...]:
    """Copy a bundled region's sources, and the list of shops to choose from where it has one, into an empty folder.

    Returns:
        The files written, region.toml first.

    Raises:
        NotFoundError: no such sample.
        InputError: the folder is not empty or cannot be written.
    """
    bundled = _bundled(name)
    spec = region_file.load_spec(bundled)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError.of(str(folder), "is not empty; name a new folder")
        for source in (*spec.sources, *filter(Path.is_file, [bundled / SHOPS])):
            target = folder / source.relative_to(bundled)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            written.append(target)
    except OSError as error:
        raise InputError.of(str(folder), f"cannot be written: {error.strerror}") from error
    return tuple(written)


def _bundled(name: str) -> Path:
    """Find a sample: inside the installed package, or beside it in a checkout."""
    package = Path(geomatch.__file__).resolve().parent
    if name in NAMES:
        for data in (package / "_data", package.parent / "data"):
            if (data / name / region_file.FILE_NAME).is_file():
                return data / name
    raise NotFoundError(f"there is no sample {name!r}; there is: {', '.join(NAMES)}")
