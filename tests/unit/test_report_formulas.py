"""Formulas of a report's workbook take the rows that the report took, or are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.files.report_book import LONGEST_NAME, sheet_name
from geomatch.files.report_formulas import Formulas
from geomatch.reporting.document import Column, Counted, Figure, Minus, Ratio, Short, Summed, Table, Within
from geomatch.reporting.language import Kind
from geomatch.reporting.words import _read

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class OnlyTables:
    """As much of a report as formulas read."""

    tables: dict[str, Table]


def formulas(keys: Sequence[str], rule: Any = None) -> tuple[Formulas, Table]:
    """Make homes in units of these ids, and the units."""
    homes = Table(
        "homes",
        "homes",
        (Column("id", "id"), Column("unit", "unit"), Column("people", "people", Kind.PEOPLE), Column("near", "near")),
        tuple(map(str, range(len(keys)))),
        tuple((str(row), key, 10 + row, True) for row, key in enumerate(keys)),
    )
    summed = rule or Summed("homes", "people", (("unit", "id"),), "near")
    columns = (Column("id", "id"), Column("people", "p", Kind.PEOPLE, rule=summed, adds=True), Column("all", "a"))
    units = Table("units", "units", columns, tuple(keys), tuple((key, 10, 20) for key in keys), ("all", 10, 20))
    return Formulas(OnlyTables({"homes": homes, "units": units}), {"homes": "ho'mes", "units": "街镇"}), units  # type: ignore[arg-type]


def of(keys: Sequence[str], rule: Any = None) -> str | None:
    """Give the formula of the first unit's people."""
    made, units = formulas(keys, rule)
    return made.of(units, units.columns[1], 1, units.rows[0], total=False)


def test_a_sum_names_the_rows_that_it_adds() -> None:
    """Ranges, what must agree, the flag; an apostrophe in a sheet's name is doubled."""
    here = "'ho''mes'!"
    told = f"=SUMIFS({here}$C$2:$C$3,{here}$B$2:$B$3,A2,{here}$D$2:$D$3,TRUE)"
    assert of(["a", "b"]) == told
    assert of(["a", "b"], Counted("homes", (("unit", "id"),))) == f"=COUNTIFS({here}$B$2:$B$3,A2)"


@pytest.mark.parametrize(
    "keys",
    [
        ["01", "1"],
        ["a", "A"],
        ["110108001000000017", "110108001000000018"],
        ["a*", "ab"],
        ["<5", "b"],
        ["1e3", "1000"],
    ],
)
def test_what_a_spreadsheet_would_confuse_stays_a_value(keys: list[str]) -> None:
    """Texts that it takes for the same number, for wildcards or for comparisons get no formula."""
    assert of(keys) is None


def test_rules_within_a_row() -> None:
    """Ratio, difference, shortfall and limit refer to the row itself; nothing known, no formula."""
    for rule, told in (
        (Ratio("people", "all"), "=B2/C2"),
        (Minus("all", "people"), "=C2-B2"),
        (Short("all", "people"), "=MAX(0,ROUNDUP(ROUND(C2*target/100,6),0)-B2)"),
        (Within("all"), "=AND(ISNUMBER(C2),C2<=limit_m)"),
    ):
        assert of(["a", "b"], rule) == told
    made, units = formulas(["a"], Ratio("people", "all"))
    assert made.of(units, units.columns[1], 1, ("a", None, 20), total=False) is None


def test_a_total_adds_its_rows_and_a_figure_points_to_its_cell() -> None:
    """SUM over the rows above; the total stands below the last of them."""
    made, units = formulas(["a", "b"])
    assert made.of(units, units.columns[1], 3, units.total or (), total=True) == "=SUM(B2:B3)"
    assert made.cell(Figure("units", "total", "people", "")) == "='街镇'!B4"
    assert made.cell(Figure("units", "b", "people", "")) == "='街镇'!B3"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_of_sheets_fit_and_differ(language: str) -> None:
    """No title is cut, and no two are the same."""
    titles = [told[language] for key, told in _read().items() if key.startswith("t_")] + [_read()["s_method"][language]]
    assert max(map(len, titles)) <= LONGEST_NAME
    names = [sheet_name(title).casefold() for title in titles]
    assert len(set(names)) == len(names)
    assert sheet_name("a/b[c]:*?'" + "x" * 40) == "a b c     " + "x" * 21
