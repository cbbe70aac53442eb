"""Tables of places: sites, gaps with their causes and remedies, a siting."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from geomatch.planning.causes.found import CauseKind
from geomatch.planning.sites import SiteKind
from geomatch.reporting.document import Column, Counted, Ratio, Summed, Table
from geomatch.reporting.language import Kind
from geomatch.reporting.words import say
from geomatch.services import cause_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomatch.files.siting_file import SitingAnswer
    from geomatch.planning.causes.found import GapCauses
    from geomatch.reporting.language import Cell, Language
    from geomatch.services.report.findings import Findings


def place_tables(found: Findings) -> Iterator[Table]:
    """Give sites and their kinds, gaps, causes, remedies, and the siting where there is one."""
    yield _sites(found)
    yield _kinds(found)
    yield _causes(found)
    yield _remedies(found)
    yield _by_cause(found)
    yield _gaps(found)
    yield _counts(found)
    if found.asked.siting is not None:
        yield _siting(found, found.asked.siting)
        yield _proof(found.asked.language, found.asked.siting)


def _sites(found: Findings) -> Table:
    language = found.asked.language
    columns = (
        Column("id", say("k_id", language)),
        Column("name", say("k_name", language)),
        Column("kind", say("k_kind", language)),
        Column("unit", say("k_unit", language)),
        Column("hours", say("k_hours", language)),
        Column("lon", say("k_lon", language), Kind.NUMBER),
        Column("lat", say("k_lat", language), Kind.NUMBER),
        Column("lost", say("k_lost", language), Kind.PEOPLE, "lost"),
    )
    told = sorted(found.critical, key=lambda row: found.region.site_row(row.site.id))
    rows = tuple(
        (
            row.site.id, row.site.name, say(f"kind_{row.site.kind.value}", language), row.site.unit, row.site.hours,
            round(row.site.lon, 7), round(row.site.lat, 7), row.lost,
        )
        for row in told
    )  # fmt: skip
    return Table("sites", say("t_sites", language), columns, tuple(row.site.id for row in told), rows)


def _kinds(found: Findings) -> Table:
    language = found.asked.language
    columns = (
        Column("kind", say("k_kind", language)),
        Column(
            "count", say("k_count", language), Kind.COUNT, "sites", Counted("sites", (("kind", "kind"),)), adds=True
        ),
    )
    counted = [(kind, sum(row.site.kind is kind for row in found.critical)) for kind in SiteKind]
    there = [(kind, count) for kind, count in counted if count]
    rows = tuple((say(f"kind_{kind.value}", language), count) for kind, count in there)
    total = (say("total", language), len(found.critical))
    return Table("kinds", say("t_kinds", language), columns, tuple(kind.value for kind, _ in there), rows, total)


def _gaps(found: Findings) -> Table:
    language = found.asked.language
    names = {site.id: site.name for site in found.region.sites}
    columns = (
        Column("rank", say("k_rank", language), Kind.COUNT),
        Column("unit", say("k_unit", language)),
        Column(
            "people", say("k_people", language), Kind.PEOPLE, "gap_people",
            Summed("homes", "people", (("gap", "rank"),)), adds=True,
        ),
        Column("nearest", say("k_nearest", language), printed=False),
        Column("walk", say("k_walk", language), Kind.METRES, "gap_walk", printed=False),
        Column("why", say("k_why", language)),
        Column("remedy", say("k_remedy", language)),
        Column("won", say("k_won", language), Kind.PEOPLE, "won"),
        Column("up_to", say("k_gaps_up_to", language), Kind.PEOPLE, "gaps_up_to", printed=False),
        Column("up_to_share", say("k_gaps_up_to_share", language), Kind.SHARE, "gaps_up_to", printed=False),
    )  # fmt: skip
    up_to = list(accumulate(told.gap.people for told in found.gaps))
    beyond = up_to[-1] if up_to else 0
    rows = tuple(
        (*_gap(told, found, names), people, people / beyond) for told, people in zip(found.gaps, up_to, strict=True)
    )
    total = (None, say("total", language), beyond, *(None,) * 7)
    return Table(
        "gaps", say("t_gaps", language), columns, tuple(str(told.gap.rank) for told in found.gaps), rows, total
    )


def _counts(found: Findings) -> Table:
    """Count the rows of other tables, for sentences."""
    language = found.asked.language
    columns = (Column("what", say("k_what", language)), Column("count", say("k_count", language), Kind.COUNT, "count"))
    chosen = found.asked.siting.chosen if found.asked.siting is not None else ()
    counted = {"units": len(found.region.units), "gaps": len(found.gaps), "siting": len(chosen)}
    rows = tuple((say(f"count_{name}", language), count) for name, count in counted.items())
    return Table("counts", say("t_counts", language), columns, tuple(counted), rows)


def _gap(told: GapCauses, found: Findings, names: dict[str, str]) -> tuple[Cell, ...]:
    gap, language = told.gap, found.asked.language
    best = told.remedies[0] if told.remedies else None
    why = cause_words.cause(told.causes[0], found.limit, names, language.value) if told.causes else None
    return (
        gap.rank, gap.unit, gap.people, names.get(gap.nearest_site or ""), gap.nearest_walk_m, why,
        None if best is None else cause_words.remedy(best, language.value), None if best is None else best.people_won,
    )  # fmt: skip


def _causes(found: Findings) -> Table:
    language = found.asked.language
    columns = (
        Column("gap", say("k_gap", language), Kind.COUNT),
        Column("cause", say("k_cause", language)),
        Column("why", say("k_why", language)),
        Column("people", say("k_cause_people", language), Kind.PEOPLE, "cause", adds=True),
        Column("homes", say("k_homes", language), Kind.COUNT),
        Column("site", say("k_site", language)),
        Column("straight_m", say("k_straight_m", language), Kind.METRES),
        Column("walk_m", say("k_walk", language), Kind.METRES),
    )
    names = {site.id: site.name for site in found.region.sites}
    told = [(told.gap.rank, cause) for told in found.gaps for cause in told.causes]
    rows = tuple(
        (
            rank, say(f"cause_{_said(cause.kind)}", language),
            cause_words.cause(cause, found.limit, names, language.value), cause.people, cause.homes, cause.site,
            cause.straight_m, cause.walk_m,
        )
        for rank, cause in told
    )  # fmt: skip
    return Table("causes", say("t_causes", language), columns, tuple(str(row) for row in range(len(rows))), rows)


def _by_cause(found: Findings) -> Table:
    """Add the causes of all gaps up, most people first."""
    language = found.asked.language
    columns = (
        Column("cause", say("k_cause", language)),
        Column(
            "people", say("k_people", language), Kind.PEOPLE, "cause",
            Summed("causes", "people", (("cause", "cause"),)), adds=True,
        ),
        Column("gaps", say("k_gaps_count", language), Kind.COUNT),
    )  # fmt: skip
    people, gaps = dict.fromkeys(CauseKind, 0), dict.fromkeys(CauseKind, 0)
    for told in found.gaps:
        for kind in {cause.kind for cause in told.causes}:
            gaps[kind] += 1
        for cause in told.causes:
            people[cause.kind] += cause.people
    order = sorted((kind for kind in CauseKind if people[kind]), key=lambda kind: -people[kind])
    rows = tuple((say(f"cause_{_said(kind)}", language), people[kind], gaps[kind]) for kind in order)
    total = (say("total", language), sum(people.values()), None)
    return Table("by_cause", say("t_by_cause", language), columns, tuple(order), rows, total)


def _remedies(found: Findings) -> Table:
    language = found.asked.language
    columns = (
        Column("gap", say("k_gap", language), Kind.COUNT),
        Column("remedy", say("k_remedy", language)),
        Column("won", say("k_won", language), Kind.PEOPLE, "won"),
        Column("lon", say("k_lon", language), Kind.NUMBER),
        Column("lat", say("k_lat", language), Kind.NUMBER),
    )
    told = [(told.gap.rank, remedy) for told in found.gaps for remedy in told.remedies]
    rows = tuple(
        (
            rank,
            cause_words.remedy(remedy, language.value),
            remedy.people_won,
            round(remedy.spots[0].lon, 7),
            round(remedy.spots[0].lat, 7),
        )
        for rank, remedy in told
    )
    return Table("remedies", say("t_remedies", language), columns, tuple(str(row) for row in range(len(rows))), rows)


def _siting(found: Findings, siting: SitingAnswer) -> Table:
    language = found.asked.language
    columns = (
        Column("order", say("k_order", language), Kind.COUNT),
        Column("name", say("k_name", language)),
        Column("id", say("k_id", language)),
        Column("added", say("k_added", language), Kind.PEOPLE, "added", adds=True),
        Column("up_to", say("k_up_to", language), Kind.PEOPLE, "covered"),
        Column("population", say("k_population", language), Kind.PEOPLE, printed=False),
        Column("share", say("k_up_to_share", language), Kind.SHARE, "share", Ratio("up_to", "population"), bar=True),
        Column("lon", say("k_lon", language), Kind.NUMBER, printed=False),
        Column("lat", say("k_lat", language), Kind.NUMBER, printed=False),
    )
    reached = list(accumulate((place.people_added for place in siting.chosen), initial=siting.covered_before))
    people = siting.population

    def share(covered: int) -> float | None:
        return covered / people if people else None

    rows = tuple(
        (
            order, place.name or place.id, place.id, place.people_added, up_to, people, share(up_to),
            round(place.lon, 7), round(place.lat, 7),
        )
        for order, (place, up_to) in enumerate(zip(siting.chosen, reached[1:], strict=True), start=1)
    )  # fmt: skip
    total = (
        None, say("total", language), None, siting.covered - siting.covered_before, siting.covered, people,
        share(siting.covered), None, None,
    )  # fmt: skip
    ids = tuple(str(order) for order in range(1, len(rows) + 1))
    return Table("siting", say("t_siting", language), columns, ids, rows, total)


def _proof(language: Language, siting: SitingAnswer) -> Table:
    people = Kind.PEOPLE if siting.measure == "people" else Kind.NUMBER
    columns = (
        Column("objective", say("k_objective", language)),
        Column("value", say("k_value", language), people, "covered" if siting.measure == "people" else None),
        Column("bound", say("k_bound", language), people, "bound"),
        Column("gap", say("k_proof_gap", language), Kind.SHARE, "proof_gap"),
        Column("method", say("k_method", language)),
    )
    row = (objective(siting, language), siting.value, siting.bound, siting.gap, siting.method)
    return Table("proof", say("t_proof", language), columns, ("proof",), (row,))


def objective(siting: SitingAnswer, language: Language) -> str:
    """Say what a siting is good for; the file's own word where we have none."""
    known = {"mclp", "lscp", "p_median", "p_center", "capacitated", "backup", "p_dispersion"}
    return say(f"objective_{siting.objective}", language) if siting.objective in known else siting.objective


def _said(kind: CauseKind) -> str:
    return "barrier_plain" if kind is CauseKind.BARRIER else kind.value
