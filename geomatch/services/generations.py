"""REGION/build/: generations of builds, of which one is current.

A build is written into a folder of its own and becomes current by the atomic replacement of one small file, so killing
a builder at any moment leaves the former build in use, or none. A lock keeps builders apart. Whoever has a generation
open holds a shared lock on it, and only generations that nobody holds are removed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from geomatch.errors import InputError, NotBuiltError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FORMAT = 6
"""Raise it whenever what a build holds changes; older builds are then made anew."""

_BUILD, _CURRENT, _MANIFEST, _LOCK = "build", "current.json", "manifest.json", "lock"
_TRIES = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """A source file as it was when it was read."""

    path: str
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a build was made from."""

    format: int
    built_at: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Held:
    """A generation that is open and will not be removed while `lock` is.

    Attributes:
        folder: the generation's folder.
        manifest: what it was made from.
        lock: holds the generation for as long as it lives.
    """

    folder: Path
    manifest: Manifest
    lock: SharedLock


class SharedLock:
    """A shared lock on a file, given back when the last who needs it is gone."""

    def __init__(self, path: Path) -> None:
        """Take the lock; FileNotFoundError where the file is gone."""
        descriptor = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, descriptor)  # also where the process ends: __del__ finds no modules then
        _try_lock(descriptor, fcntl.LOCK_SH)


def look_at(paths: Sequence[Path], root: Path) -> tuple[Source, ...]:
    """Note size, time and SHA-256 of source files.

    Raises:
        InputError: a file cannot be read.
    """
    noted = []
    for path in paths:
        try:
            stat = path.stat()
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InputError.of(str(path), f"cannot be read: {error.strerror}") from error
        noted.append(Source(os.path.relpath(path, root), stat.st_size, stat.st_mtime_ns, digest))
    return tuple(noted)


def why_stale(folder: Path, paths: Sequence[Path]) -> str | None:
    """Say why the current build cannot stand for these sources; None where it can."""
    generation = _current(folder)
    if generation is None:
        return "it has not been built"
    manifest = _manifest(generation)
    if manifest is None:
        return "its build is not whole"
    if manifest.format != FORMAT:
        return "it was built by another version of geomatch"
    before = {source.path: source for source in manifest.sources}
    now = {os.path.relpath(path, folder): path for path in paths}
    if before.keys() != now.keys():
        return "its list of sources changed"
    return next((f"{name} changed" for name, path in now.items() if _changed(path, before[name])), None)


def _changed(path: Path, before: Source) -> bool:
    """Compare the cheap marks first; a file that was only touched is compared by content."""
    try:
        stat = path.stat()
        if (stat.st_size, stat.st_mtime_ns) == (before.size, before.mtime_ns):
            return False
        if stat.st_size != before.size:
            return True
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() != before.sha256
    except OSError:
        return True


@contextmanager
def building(folder: Path, *, waiting: Callable[[], None]) -> Iterator[Path]:
    """Give an empty folder for a new generation, with every other builder of the region kept out.

    Args:
        folder: the region's folder.
        waiting: called once where another builder is at work.

    Raises:
        InputError: the region's folder cannot be written.
    """
    root = folder / _BUILD
    try:
        root.mkdir(exist_ok=True)
        lock = (root / _LOCK).open("a")
    except OSError as error:
        raise InputError.of(str(root), f"cannot be written: {error.strerror}") from error
    with lock:
        if not _try_lock(lock.fileno(), fcntl.LOCK_EX):
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        _sweep(root)
        generation = root / secrets.token_hex(6)
        try:
            generation.mkdir()
            yield generation
        except OSError as error:
            shutil.rmtree(generation, ignore_errors=True)
            told = error.strerror or f"{error}; is the disk full?"  # numpy only says how much it could not write
            raise InputError.of(str(error.filename or root), f"cannot be written: {told}") from error
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise


def write_out(generation: Path) -> None:
    """Have the disk write what is there so far, so that `publish`, which makes sure of everything, waits for less."""
    for folder, _, names in os.walk(generation):  # passes over a folder that is gone by then, which rglob does not
        for name in names:
            with suppress(OSError):  # what is only there for a moment, or cannot be written: publish will tell
                _flush(Path(folder, name))


def publish(folder: Path, generation: Path, built_at: str, sources: tuple[Source, ...]) -> None:
    """Make a finished generation the current one, and remove those that nobody holds."""
    manifest = Manifest(FORMAT, built_at, sources)
    (generation / _MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
    with ThreadPoolExecutor() as pool:  # the disk writes many at once in little more time than one
        list(pool.map(_flush, generation.rglob("*")))
    root = folder / _BUILD
    beside = root / f"{_CURRENT}.{generation.name}"
    beside.write_text(json.dumps({"format": FORMAT, "generation": generation.name}), encoding="utf-8")
    _flush(beside)
    _flush(generation)
    beside.replace(root / _CURRENT)
    _flush(root)
    _sweep(root)


def opened(folder: Path, use: Callable[[Held], T]) -> T:
    """Open the current generation and hold it; tries again where a builder replaces it meanwhile.

    Raises:
        NotBuiltError: there is no whole build of this format.
    """
    for attempt in range(_TRIES):
        try:
            return use(_hold(folder))
        except FileNotFoundError as error:
            if attempt == _TRIES - 1:
                raise NotBuiltError(_how_to_build(folder, "its build is not whole")) from error
    raise AssertionError


def _hold(folder: Path) -> Held:
    generation = _current(folder)
    if generation is None:
        raise NotBuiltError(_how_to_build(folder, "it has not been built"))
    lock = SharedLock(generation / _MANIFEST)
    manifest = _manifest(generation)
    if manifest is None:
        raise FileNotFoundError(generation)
    if manifest.format != FORMAT:
        raise NotBuiltError(_how_to_build(folder, "it was built by another version of geomatch"))
    return Held(generation, manifest, lock)


def _how_to_build(folder: Path, reason: str) -> str:
    return f"{folder}: {reason}; run: geomatch build {folder}"


def _current(folder: Path) -> Path | None:
    try:
        told = json.loads((folder / _BUILD / _CURRENT).read_text(encoding="utf-8"))
        return folder / _BUILD / Path(str(told["generation"])).name
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _manifest(generation: Path) -> Manifest | None:
    try:
        told = json.loads((generation / _MANIFEST).read_text(encoding="utf-8"))
        sources = tuple(Source(**source) for source in told["sources"])
        return Manifest(told["format"], told["built_at"], sources)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sweep(root: Path) -> None:
    """Remove what earlier builders left, but for the current generation and those that are open somewhere."""
    current = _current(root.parent)
    for path in root.iterdir():
        if path.name.startswith(f"{_CURRENT}."):
            path.unlink(missing_ok=True)
        elif path.is_dir() and path != current and not _is_held(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_held(generation: Path) -> bool:
    try:
        with (generation / _MANIFEST).open("rb") as file:
            return not _try_lock(file.fileno(), fcntl.LOCK_EX)
    except OSError:
        return False  # without a manifest it was never finished


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
