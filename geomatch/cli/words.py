"""Answers in words for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from geomatch.planning.standards import BANDS, RURAL_BELOW_PER_KM2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomatch.network.profiles import Limit
    from geomatch.planning.coverage import CoverageRow, CoverageTable
    from geomatch.planning.minutes import Minutes
    from geomatch.planning.nearest import NearestAnswer
    from geomatch.planning.standards import Verdict
    from geomatch.services.build_report import BuildReport
    from geomatch.services.siting import Siting
    from geomatch.services.standards import Kept, Standards

KINDS = {"centre": "中心", "office": "所", "station": "站", "outpost": "驿站", "base": "基地", "landscape": "小景观"}
_SHOWN_ROWS = 20


def limit_of(limit: Limit) -> str:
    """Say which question was asked."""
    return f"{limit.standard} · {limit.profile} · {limit.limit_m:g} m · {limit.limit_s / 60:g} min"


def nearest(answer: NearestAnswer) -> Iterator[str]:
    """Tell the nearest sites, one a line."""
    query = answer.query
    yield limit_of(query.limit)
    if not query.on_network:
        leg = (
            "no street within 2 km" if query.access_m is None else f"the nearest street is {query.access_m:,.0f} m away"
        )
        yield f"not on the network 不在路网上: {leg}"
        return
    yield f"{query.access_m:,.0f} m to the street 到街道"
    if not answer.hits:
        yield "no site can be walked to 无可步行到达的站点"
    for hit in answer.hits:
        kind = hit.site.kind.value
        within = "within 圈内" if hit.within else "beyond 圈外"
        walk = f"步行 {hit.walk_m:,.0f} m, {hit.walk_s / 60:.1f} min"
        yield f"{hit.rank}. {hit.site.name} ({kind} {KINDS[kind]}, {hit.site.id}): {walk}, {within}"


def coverage(table: CoverageTable, held: Kept | None) -> Iterator[str]:
    """Tell the coverage table; 2 columns a Chinese character, so that it lines up."""
    yield limit_of(table.limit)
    heads = ["population", "covered", "share", "off network", "backup", "straight line", "median m", "p90 m"]
    verdicts: Sequence[tuple[str, ...]] = [()] * (len(table.units) + 1)
    if held is not None:
        heads += [f">= {held.percent:g} %", "people short"]
        verdicts = [_verdict(verdict) for verdict in (*held.units, held.total)]
    yield _padded("unit 街镇", 20) + "".join(head.rjust(14) for head in heads)
    for row, verdict in zip((*table.units, table.total), verdicts, strict=True):
        cells = (*_cells(row), *verdict)
        yield _padded(row.name or "total 合计", 20) + "".join(cell.rjust(14) for cell in cells)


def _verdict(verdict: Verdict) -> tuple[str, str]:
    passes = "-" if verdict.passes is None else "pass" if verdict.passes else "fail"
    return passes, f"{verdict.shortfall:,}"


def standards(found: Standards) -> Iterator[str]:
    """Tell every tier of every standard with its clause, then minutes to the nearest site."""
    units = len(found.asked.units)
    yield f"target 目标 {found.asked.percent:g} %"
    for preset, kept in found.presets:
        clause = "" if preset.clause is None else f" ({preset.clause})"
        passed = f"{kept.units_passed} of {units} units pass 街镇达标, {kept.total.shortfall:,} people short 缺口"
        yield f"{limit_of(kept.limit)}{clause}: {_share(kept.total.share)}, {passed}"
    yield _bands(found.asked.limit.profile, found.total_setting.minutes)
    if found.ground.caveat is not None:
        yield found.ground.caveat
    if found.ground.rural_units:
        bound = f"fewer than {RURAL_BELOW_PER_KM2:g} people per km2"
        yield (
            f"rural 农村: {found.ground.rural_units} of {units} units, {found.ground.rural_people:,} people ({bound}): "
            "1000 m on foot makes little sense there; look at the minutes 步行 1000 m 不适用，请看步行分钟"
        )


def rural(caveat: str, found: Minutes, profile: str) -> Iterator[str]:
    """Say what 1000 m on foot is worth in a rural region, and how long people walk."""
    yield caveat
    yield _bands(profile, found.bands)
    if found.quartile_s is not None:
        quarter, half, most = (f"{math.ceil(part / 60):,}" for part in found.quartile_s)
        told = f"a quarter within {quarter} min, half within {half}, three quarters within {most}"
        yield f"{told} 四分位：{quarter}、{half}、{most} 分钟"


def _bands(profile: str, people: Sequence[int]) -> str:
    told = ", ".join(f"{band} {count:,}" for band, count in zip(BANDS, people, strict=True))
    return f"minutes to the nearest site 步行分钟 ({profile}): {told}"


def siting(found: Siting) -> Iterator[str]:
    """Tell the sites to open, one a line, what they win together, and how near that is to the best."""
    yield limit_of(found.limit)
    plan, people = found.plan, int(found.problem.weight.sum())
    up_to = plan.covered_before
    for rank, (row, added) in enumerate(zip(plan.chosen, plan.people_added, strict=True), start=1):
        one, up_to = found.candidates[row], up_to + added
        yield f"{rank}. {one.name or one.id} ({one.id}): +{added:,} -> {up_to:,}"
    share = _share(plan.covered / people if people else None)
    yield f"covered 覆盖: {plan.covered_before:,} -> {plan.covered:,} of {people:,} ({share})"
    yield _proven(found)
    if plan.short_of:
        yield f"target missed 未达目标: {plan.short_of:,} people short"
    for number, short in enumerate(plan.floors_short, start=1):
        if short:
            yield f"floor missed 未达底线: unit {number}: {short:,} people short"
    yield from _rows("not on the network 不在路网上", [f"{one.id} {one.name}" for one, _ in found.off_network])


def _proven(found: Siting) -> str:
    certificate, value = found.plan.certificate, found.plan.value
    if certificate.bound is None or certificate.gap is None or value is None:
        return "nothing proven 未证"
    proven = "proven best 已证最优" if certificate.gap == 0 else f"gap 差距 {certificate.gap:.2%}"
    return (
        f"{found.wanted.objective}: {value:,.10g}, bound 界 {certificate.bound:,.10g} ({certificate.method}): {proven}"
    )


def _cells(row: CoverageRow) -> tuple[str, ...]:
    return (
        f"{row.population:,}", f"{row.covered:,}", _share(row.share), f"{row.off_network:,}", _share(row.backup_share),
        _share(row.straight_line_share), _metres(row.median_walk_m), _metres(row.p90_walk_m),
    )  # fmt: skip


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _metres(metres: float | None) -> str:
    return "-" if metres is None else f"{metres:,.0f}"


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - sum(2 if ord(character) > 0x2E7F else 1 for character in text), 1)  # noqa: PLR2004 - where CJK begins


def build_report(report: BuildReport) -> Iterator[str]:
    """Tell what a build found, faults row by row."""
    counts = report.counts
    yield f"{report.region}: built {report.built_at} in {sum(report.seconds.values()):.1f} s"
    yield (
        f"streets: {counts['street_km']:,.0f} km, {counts['segments']:,} segments, {counts['nodes']:,} nodes; "
        + _listed({kind: f"{km:,.0f} km" for kind, km in report.kinds_km.items()})
    )
    yield "import: " + _listed(_plain(report.import_health))
    largest = ", ".join(f"{part['segments']:,} segments ({part['km']:,.1f} km)" for part in report.islands[:5])
    yield f"islands: {report.island_count:,}" + (f"; the largest: {largest}" if largest else "")
    yield f"sites: {counts['sites']:,}; " + _listed(report.sites_by_kind)
    yield f"people: {counts['population']:,} in {counts['homes']:,} homes, {counts['units']:,} units"
    yield "coordinates 坐标系: " + "; ".join(_coordinates(told) for told in report.coordinates)
    off = [f"{row['what']} {row['id']} {row['name']}: {row['why']}" for row in report.off_network]
    yield from _rows("not on the network", off)
    legs = [f"{row['what']} {row['id']} {row['name']}: {row['access_m']:,.0f} m" for row in report.longest_access[:5]]
    yield from _rows("longest access legs", legs)
    yield from _rows("worth a look", report.flags)
    wrong = [
        f"{name}: census {census:,}, homes {homes:,}" for name, census, homes in report.unit_sums if census != homes
    ]
    yield from _rows("units whose homes do not add up", wrong)
    yield report.attribution


def _coordinates(told: dict[str, Any]) -> str:
    """Say what a file declares and what its points say."""
    found = "unsure 无法判定" if told["verdict"] == "unsure" else f"{told['verdict']} ({told['confidence']:.3f})"
    return f"{told['file']} declared 声明 {told['declared']}, found 判定 {found}"


def _rows(title: str, rows: Sequence[str]) -> Iterator[str]:
    if rows:
        yield f"{title}: {len(rows):,}"
        yield from (f"  {row}" for row in rows[:_SHOWN_ROWS])
        if len(rows) > _SHOWN_ROWS:
            yield f"  and {len(rows) - _SHOWN_ROWS:,} more, all in build/*/report.json"


def _plain(health: dict[str, object]) -> dict[str, object]:
    """Flatten what was counted by reason, and leave out what did not happen."""
    told: dict[str, object] = {}
    for name, value in health.items():
        parts = (
            {f"{name} {reason}": count for reason, count in value.items()} if isinstance(value, dict) else {name: value}
        )
        told |= {key.replace("_", " "): count for key, count in parts.items() if count}
    return told


def _listed(told: dict[str, object] | dict[str, int] | dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in told.items())
