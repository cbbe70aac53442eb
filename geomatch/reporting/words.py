"""The words of a report (words.toml), in one language at a time."""

from __future__ import annotations

import string
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geomatch.reporting.document import Figure, Paragraph

if TYPE_CHECKING:
    from geomatch.reporting.language import Language

_WORDS = Path(__file__).with_name("words.toml")


def say(key: str, language: Language, **values: object) -> str:
    """Give words by their key, values filled in; KeyError where there are none."""
    text = _read()[key][language.value]
    return text.format(**values) if values else text


def sentence(key: str, language: Language, *, tone: str = "plain", **values: str | Figure) -> Paragraph:
    """Give a sentence whose figures stay figures."""
    runs: list[str | Figure] = []
    for words, name, _, _ in string.Formatter().parse(_read()[key][language.value]):
        runs += [part for part in (words, values[name] if name else "") if part != ""]
    return Paragraph(joined(runs), tone)


def joined(runs: list[str | Figure]) -> tuple[str | Figure, ...]:
    """Join words that stand beside each other."""
    whole: list[str | Figure] = []
    for run in runs:
        if whole and isinstance(run, str) and isinstance(last := whole[-1], str):
            whole[-1] = last + run
        else:
            whole.append(run)
    return tuple(whole)


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, str]]:
    with _WORDS.open("rb") as file:
        return tomllib.load(file)
