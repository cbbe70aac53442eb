"""What every figure of a report means: the catalogue (definitions.toml) that they trace back to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomatch.reporting.language import Language

_CATALOGUE = Path(__file__).with_name("definitions.toml")


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure's meaning, in one language.

    Attributes:
        key: what columns name.
        name: what it is called.
        meaning: what it counts, and what it leaves out.
        formula: how it is computed.
        rows: which rows stand behind it.
        clause: where it is written or comes from; "" for our own.
    """

    key: str
    name: str
    meaning: str
    formula: str
    rows: str
    clause: str = ""


def catalogue(language: Language) -> tuple[Definition, ...]:
    """Give all definitions in one language, in their order."""
    return tuple(
        Definition(key, **{part: words[language.value] for part, words in parts.items()})
        for key, parts in _read().items()
    )


def used(keys: Iterable[str], language: Language) -> tuple[Definition, ...]:
    """Give the definitions of these keys, in the order of the catalogue."""
    wanted = frozenset(keys)
    return tuple(definition for definition in catalogue(language) if definition.key in wanted)


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, dict[str, str]]]:
    with _CATALOGUE.open("rb") as file:
        return tomllib.load(file)
