"""What a build found: counts, faults that were kept out, and what deserves a look."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class BuildReport:
    """What a build found; saved beside it as report.json.

    Attributes:
        region: the region's id.
        built_at: ISO 8601 with offset.
        counts: nodes, segments, street_km, sites, homes, units, population and the like, by name.
        kinds_km: kilometres by kind of way.
        sites_by_kind: sites by kind.
        import_health: what the importer met and did with it, by name.
        islands: (segments, km) of every connected part but the largest, largest first, at most 50.
        island_count: how many such parts there are.
        off_network: one row for every site and home that does not reach the streets: what, id, access_m, why.
        longest_access: the longest access legs still on the network: what, id, access_m.
        flags: sites worth a second look, as sentences.
        unit_sums: (unit, census figure, people of its homes).
        seconds: by stage.
        attribution: the credit that maps and files must carry.
    """

    region: str
    built_at: str
    counts: dict[str, float]
    kinds_km: dict[str, float]
    sites_by_kind: dict[str, int]
    import_health: dict[str, object]
    islands: tuple[tuple[int, float], ...] = ()
    island_count: int = 0
    off_network: tuple[dict[str, object], ...] = ()
    longest_access: tuple[dict[str, object], ...] = ()
    flags: tuple[str, ...] = ()
    unit_sums: tuple[tuple[str, int, int], ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
