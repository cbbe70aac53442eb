"""Values out of parsed TOML, each checked under its dotted key; faults are gathered, not raised."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomatch.errors import Fault, InputError
from geomatch.geo.coordinates import CoordSys

if TYPE_CHECKING:
    from collections.abc import Callable


class KeyReader:
    """Takes values out of parsed TOML and gathers what is wrong with them, each under its dotted key."""

    def __init__(self, where: str, folder: Path) -> None:
        self.where = where
        self.folder = folder
        self.faults: list[Fault] = []

    def fault(self, key: str, reason: str, value: object) -> None:
        """Add a fault of a dotted key."""
        shown = None if value is None else str(value)[:80]
        self.faults.append(Fault(self.where, reason, column=key, value=shown))

    def only(self, table: dict[str, Any], key: str, known: tuple[str, ...]) -> None:
        """Fault every key that means nothing here, with the nearest that does."""
        for name in table:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
                self.fault(f"{key}.{name}".lstrip("."), f"is not a key of a region; {hint}", None)

    def table(self, top: dict[str, Any], key: str) -> dict[str, Any]:
        """Give a table of the top; an empty one, with a fault, where it is absent or something else."""
        found = top.get(key)
        if isinstance(found, dict):
            return found
        self.fault(key, f"must be a table [{key}]" if key in top else f"is missing: write a table [{key}]", found)
        return {}

    def value(self, table: dict[str, Any], key: str, wanted: type, meant: str) -> Any:
        """Give the value of a dotted key; None where it is absent or, with a fault, of another type."""
        found = table.get(key.rpartition(".")[2])
        if found is None or type(found) is wanted:
            return found
        self.fault(key, f"must be {meant}", found)
        return None

    def text(
        self, table: dict[str, Any], key: str, *, needed: bool = False, check: Callable[[str], None] | None = None
    ) -> str | None:
        """Give a text on one line that passes the check, which raises ValueError with its reason; else None."""
        name = key.rpartition(".")[2]
        found = self.value(table, key, str, 'a text in quotes, such as "..."')
        if found is None:
            if needed and name not in table:
                self.fault(key, "is missing", None)
            return None
        text = str(found).strip()
        if not text or any(ord(character) < ord(" ") for character in text):
            self.fault(key, "must be a text on one line, not empty", found)
            return None
        try:
            if check is not None:
                check(text)
        except ValueError as error:
            reasons = [fault.reason for fault in error.faults] if isinstance(error, InputError) else [str(error)]
            self.fault(key, "; ".join(reasons), found)
        return text

    def number(
        self, table: dict[str, Any], key: str, *, default: float, lowest: float, highest: float, whole: bool = False
    ) -> float:
        """Give a number within bounds, both inclusive; the default where it is absent or, with a fault, not so."""
        found = table.get(key.rpartition(".")[2], default)
        right = type(found) is int or (type(found) is float and not whole)
        if not right or not lowest <= found <= highest:
            meant = "a whole number" if whole else "a number"
            self.fault(key, f"must be {meant} from {lowest:g} to {highest:g}", found)
            return default
        return float(found)

    def file(self, table: dict[str, Any], key: str) -> Path:
        """Give the path of a file that must exist, relative to the folder."""
        text = self.text(table, key, needed=True)
        if text is None:
            return Path()
        path = self.folder / text
        try:
            if not path.is_file():
                self.fault(key, "is a folder where a file is meant" if path.is_dir() else "does not exist", path)
        except (OSError, ValueError) as error:
            self.fault(key, f"cannot be read: {error}", text)
        return path

    def coordsys(self, table: dict[str, Any], key: str) -> CoordSys:
        """Give a coordinate system by its name, WGS-84 where none is stated."""
        text = self.text(table, key) or CoordSys.WGS84.value
        try:
            return CoordSys(text.lower())
        except ValueError:
            self.fault(key, f"must be one of {', '.join(CoordSys)}", text)
            return CoordSys.WGS84
