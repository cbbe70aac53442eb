"""The first section: what a director reads, and the figures that stand large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomatch.reporting.document import Card, Cards, Listing, Paragraph
from geomatch.reporting.words import joined
from geomatch.services.report import charts
from geomatch.services.report.standard_tables import ASKED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomatch.reporting.document import Block, Figure, Section
    from geomatch.services.report.telling import Telling

_WORST, _FIRST_GAPS = 3, 5


def headline(telling: Telling) -> dict[str, Figure]:
    """Give the figures of the first page."""
    return {
        "share": telling.whole("share"),
        "low": telling.at("bands", "both-low", "share"),
        "high": telling.at("bands", "both-high", "share"),
        "beyond": telling.whole("beyond"),
    }


def headline_words(telling: Telling) -> tuple[Paragraph, ...]:
    """Say what the headline is, in which band it lies, and who is beyond reach."""
    if not telling.found.coverage.total.population:
        return (telling.sentence("f_nobody"),)
    head = headline(telling)
    return (
        telling.sentence("h_within", tone="headline-words", minutes=telling.minutes),
        telling.sentence("h_band", tone="headline-band", low=head["low"], high=head["high"]),
        telling.sentence("h_beyond", tone="headline-beyond", beyond=head["beyond"]),
    )


def summary(telling: Telling) -> Section:
    """Tell what was found, caveats of the whole first."""
    blocks: list[Block] = [Listing(tuple(_findings(telling)))]
    if telling.found.coverage.total.population:
        blocks.insert(0, Cards(tuple(_cards(telling))))
    if telling.found.standards.ground.rural:
        blocks = [telling.sentence("p_rural", tone="caveat"), *blocks, charts.minutes(telling)]
    if telling.found.region.spec.synthetic:
        blocks.append(telling.sentence("synthetic_note", tone="caveat"))
    return telling.section("summary", *blocks)


def _findings(telling: Telling) -> Iterator[Paragraph]:
    found, whole = telling.found, telling.whole
    if not found.coverage.total.population:
        yield telling.sentence("f_nobody")
        return
    if not found.critical:
        yield telling.sentence("f_no_sites")
    yield telling.sentence(
        "f_covered", region=telling.name, population=whole("population"), covered=whole("covered"),
        share=whole("share"), minutes=telling.minutes, beyond=whole("beyond"),
    )  # fmt: skip
    yield from _judged(telling)
    yield _gap_finding(telling)
    yield telling.sentence("f_over_claim", over_claim=whole("over_claim"))
    yield telling.sentence("f_backup", backup_share=whole("backup_share"))
    elder, wheelchair = (telling.at("profiles", profile, "share") for profile in ("elder", "wheelchair"))
    yield telling.sentence("f_profiles", elder=elder, wheelchair=wheelchair)
    if found.asked.siting is not None:
        yield siting_finding(telling)


def _judged(telling: Telling) -> Iterator[Paragraph]:
    """Hold the whole against the target, and its townships where there are some."""
    shortfall = telling.whole("shortfall")
    if not telling.stated:
        yield telling.sentence("f_whole_target", target=telling.target, shortfall=shortfall)
        return
    told = telling.sentence(
        "f_units", target=telling.target, count=telling.at("counts", "units", "count"),
        passed=telling.at("tiers", ASKED, "passed"), shortfall=shortfall,
        units_shortfall=telling.at("tiers", ASKED, "units_shortfall"),
    )  # fmt: skip
    worst = sorted((unit for unit in telling.found.standards.asked.units if unit.shortfall), key=_short)[:_WORST]
    if worst:
        names: list[str | Figure] = []
        for unit in worst:
            people = telling.at("units", unit.id or "", "shortfall")
            names += [telling.say("comma")] if names else []
            names += telling.sentence("f_worst_unit", name=unit.name or "", people=people).runs
        before, after = telling.say("f_worst_units", list="\0").split("\0")
        told = Paragraph(joined([*told.runs, telling.say("space"), before, *names, after]))
    yield told


def _short(unit: object) -> int:
    return -int(getattr(unit, "shortfall", 0))


def _gap_finding(telling: Telling) -> Paragraph:
    gaps = telling.found.gaps
    if not gaps:
        return telling.sentence("f_no_gaps")
    first = str(min(_FIRST_GAPS, len(gaps)))
    return telling.sentence(
        "f_gaps", count=telling.at("counts", "gaps", "count"), first=first, people=telling.at("gaps", first, "up_to"),
        share=telling.at("gaps", first, "up_to_share"),
    )  # fmt: skip


def siting_finding(telling: Telling) -> Paragraph:
    """Tell what the chosen places win, and how near that is to the best."""
    siting = telling.found.asked.siting
    figures: dict[str, Any] = {
        "count": telling.at("counts", "siting", "count"),
        "added": telling.at("siting", "total", "added"),
        "share": telling.at("siting", "total", "share"),
    }
    if siting is None or siting.measure != "people" or siting.bound is None or siting.gap is None:
        return telling.sentence("f_siting_plain", **figures)
    bound, gap = (telling.at("proof", "proof", column) for column in ("bound", "gap"))
    return telling.sentence("f_siting", **figures, bound=bound, gap=gap)


def _cards(telling: Telling) -> Iterator[Card]:
    """Give the figures that stand large under the headline."""
    found, say, whole = telling.found, telling.say, telling.whole
    if telling.stated:
        note = telling.sentence("c_of", count=telling.at("counts", "units", "count"))
        yield Card(say("c_passed"), telling.at("tiers", ASKED, "passed"), note)
    yield Card(say("c_shortfall"), whole("shortfall"), telling.sentence("c_shortfall_note", target=telling.target))
    largest = telling.sentence("c_gaps_note", people=telling.at("gaps", "1", "people")) if found.gaps else None
    yield Card(say("c_gaps"), telling.at("counts", "gaps", "count"), largest)
    yield Card(say("c_backup"), whole("backup_share"))
    yield Card(say("c_median"), whole("median"), telling.sentence("c_median_note", worst=whole("worst")))
    yield Card(say("c_over_claim"), whole("over_claim"), telling.sentence("c_over_claim_note"))
