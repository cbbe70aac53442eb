"""The findings and their tables, and short ways to point into them: what sections are written with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.reporting.document import TOTAL, Figure, Section, figure
from geomatch.reporting.words import say, sentence
from geomatch.services.report import maps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomatch.reporting.document import Block, Paragraph, Table
    from geomatch.reporting.language import Language
    from geomatch.services.report.findings import Findings


class Telling:
    """One report while it is written.

    Attributes:
        found, tables: what there is to tell.
        language: of every word.
        stated: whether the region states townships.
        target, minutes: per cent and minutes as words.
        name: of the region.
    """

    def __init__(self, found: Findings, tables: Mapping[str, Table]) -> None:
        self.found = found
        self.tables = tables
        self.language: Language = found.asked.language
        self.stated = found.region.townships.stated
        self.target = f"{found.asked.target:g}"
        self.minutes = maps.minutes_text(found.asked)
        self.name = maps.region_name(found.region, self.language)

    def at(self, table: str, row: str, column: str) -> Figure:
        """Point to a cell."""
        return figure(self.tables, self.language, table, row, column)

    def whole(self, column: str) -> Figure:
        """Point to a figure of the whole region."""
        return self.at("units", TOTAL, column)

    def say(self, key: str, **values: object) -> str:
        """Give words."""
        return say(key, self.language, **values)

    def sentence(self, key: str, *, tone: str = "plain", **values: str | Figure) -> Paragraph:
        """Give a sentence with figures."""
        return sentence(key, self.language, tone=tone, **values)

    def section(self, key: str, *blocks: Block, new_page: bool = False) -> Section:
        """Make a section under its title."""
        return Section(key, self.say(f"s_{key}"), blocks, new_page)
