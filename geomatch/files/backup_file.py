"""A backup: one zip of a JSON line a row, one file a table, and a page that says what is in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomatch.errors import InputError
from geomatch.files import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FORMAT = 1
_PAGE = "geomatch-backup.json"
_MOST_PAGE = 4_000_000
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Table:
    """What a backup holds of a table.

    Attributes:
        name: of the table.
        columns: the kind of each column by its name, in order.
        rows: how many.
        sha256: of its lines.
    """

    name: str
    columns: Mapping[str, str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was read through and is whole.

    Attributes:
        path: of the file.
        revision: what the tables were at.
        made_at: when, ISO 8601.
        tables: what it holds.
    """

    path: Path
    revision: str
    made_at: str
    tables: tuple[Table, ...]

    def rows(self, name: str) -> Iterator[list[Any]]:
        """Go through the rows of a table."""
        with zipfile.ZipFile(self.path) as packed, packed.open(f"{name}.jsonl") as lines:
            for line in lines:
                yield json.loads(line)


def write(
    path: Path, revision: str, made_at: str, tables: Iterable[tuple[str, Mapping[str, str], Iterable[list[Any]]]]
) -> Backup:
    """Write a backup; whoever else uses this machine may not read it. A kill leaves the file that was there before.

    Args:
        path: where to.
        revision: what the tables are at.
        made_at: when, ISO 8601.
        tables: name, columns and rows of each.

    Raises:
        InputError: it cannot be written there.
    """
    with atomic.write_beside(path) as beside:
        beside.chmod(0o600)
        try:
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
                written = tuple(_write(packed, *table) for table in tables)
                told = {"format": FORMAT, "revision": revision, "made_at": made_at, "tables": _told(written)}
                packed.writestr(_PAGE, json.dumps(told, ensure_ascii=False, indent=1))
        except OSError as error:
            raise InputError.of(str(path), f"cannot be written: {error.strerror}") from error
        read(beside)
    return Backup(path, revision, made_at, written)


def _write(packed: zipfile.ZipFile, name: str, columns: Mapping[str, str], rows: Iterable[list[Any]]) -> Table:
    digest, count = hashlib.sha256(), 0
    with packed.open(f"{name}.jsonl", "w", force_zip64=True) as lines:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            lines.write(line)
            count += 1
    return Table(name, columns, count, digest.hexdigest())


def _told(tables: Iterable[Table]) -> list[dict[str, Any]]:
    return [
        {"name": table.name, "columns": dict(table.columns), "rows": table.rows, "sha256": table.sha256}
        for table in tables
    ]


def read(path: Path) -> Backup:
    """Read a backup through, every byte of it.

    Raises:
        InputError: there is no such file, it is no backup of geomatch, or it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            if _PAGE not in packed.namelist():
                raise InputError.of(str(path), "is no backup of geomatch")
            backup = _page(path, packed)
            for table in backup.tables:
                _check(packed, table)
    except OSError as error:
        raise InputError.of(str(path), f"cannot be read: {error.strerror or error}") from error
    except InputError:
        raise
    except _DAMAGED as error:
        raise InputError.of(str(path), f"is damaged, or no backup of geomatch ({error}); take another one") from error
    return backup


def _page(path: Path, packed: zipfile.ZipFile) -> Backup:
    if packed.getinfo(_PAGE).file_size > _MOST_PAGE:
        raise ValueError("its page is too long")
    told = json.loads(packed.read(_PAGE))
    if told["format"] != FORMAT:
        raise InputError.of(str(path), f"is of another form ({told['format']}); restore it by a newer geomatch")
    tables = tuple(
        Table(str(each["name"]), dict(each["columns"]), int(each["rows"]), str(each["sha256"]))
        for each in told["tables"]
    )
    return Backup(path, str(told["revision"]), str(told["made_at"]), tables)


def _check(packed: zipfile.ZipFile, table: Table) -> None:
    digest, count = hashlib.sha256(), 0
    with packed.open(f"{table.name}.jsonl") as lines:
        for line in lines:
            digest.update(line)
            count += 1
    if (count, digest.hexdigest()) != (table.rows, table.sha256):
        raise ValueError(f"table {table.name} is not what was written")
