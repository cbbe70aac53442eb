"""The tree centre > office > station: what breaks it, and what only looks odd."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.errors import Fault
from geomatch.planning.sites import SiteKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomatch.planning.sites import Site

_HUBS = (SiteKind.CENTRE, SiteKind.OFFICE, SiteKind.STATION)
PARENTS: dict[SiteKind, tuple[SiteKind, ...]] = {
    SiteKind.CENTRE: (),
    SiteKind.OFFICE: (SiteKind.CENTRE,),
    SiteKind.STATION: (SiteKind.OFFICE,),
    SiteKind.OUTPOST: _HUBS,
    SiteKind.BASE: _HUBS,
    SiteKind.LANDSCAPE: _HUBS,
}
"""What kind of site may stand above each kind; nothing stands above a centre."""

_WHERE = "sites"


@dataclass(frozen=True, slots=True)
class TreeCheck:
    """What breaks the tree (the input is refused), and what is only flagged."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def check(
    sites: Sequence[Site], unit_of: Mapping[str, str | None], unit_names: Mapping[str, str] | None = None
) -> TreeCheck:
    """Check who stands above whom.

    Args:
        sites: all sites of a region; their ids differ.
        unit_of: site id -> name of the township that it lies in, None outside of all; empty where a region has none.
        unit_names: township id -> its name, since a site may state either.
    """
    by_id = {site.id: site for site in sites}
    by_fold = {_folded(site.id): site.id for site in sites}
    faults = [fault for site in sites if (fault := _parent_fault(site, by_id, by_fold)) is not None]
    faults += _cycles(sites, by_id)
    warnings = [warning for site in sites for warning in _oddities(site, by_id, unit_of, unit_names or {})]
    return TreeCheck(tuple(faults), tuple(warnings))


def _fault(site: Site, column: str, reason: str, value: str | None) -> Fault:
    return Fault(_WHERE, f"{site.kind.value} {site.id} {site.name}: {reason}", column=column, value=value)


def _folded(site_id: str) -> str:
    """Give what an id is taken for at a glance: width, case and spaces do not show."""
    return "".join(unicodedata.normalize("NFKC", site_id).casefold().split())


def _parent_fault(site: Site, by_id: Mapping[str, Site], by_fold: Mapping[str, str]) -> Fault | None:
    if site.parent is None:
        return None
    parent = by_id.get(site.parent)
    if parent is None:
        near = by_fold.get(_folded(site.parent))
        hint = f"; did you mean {near}?" if near is not None else ""
        return _fault(site, "parent", f"its parent is no site of this region{hint}", site.parent)
    allowed = PARENTS[site.kind]
    if parent.kind in allowed:
        return None
    kinds = " or ".join(kind.value for kind in allowed) or "nothing"
    reason = f"{kinds} may stand above it, not the {parent.kind.value} {parent.name}"
    return _fault(site, "parent", reason, site.parent)


def _cycles(sites: Sequence[Site], by_id: Mapping[str, Site]) -> list[Fault]:
    """List each ring of sites that stand above each other, once."""
    done: set[str] = set()
    faults = []
    for site in sites:
        trail: dict[str, None] = {}
        at: Site | None = site
        while at is not None and at.id not in done and at.id not in trail:
            trail[at.id] = None
            at = by_id.get(at.parent) if at.parent is not None else None
        if at is not None and at.id in trail:
            ring = [*list(trail)[list(trail).index(at.id) :], at.id]
            faults.append(_fault(at, "parent", "stands above itself in a ring", " > ".join(ring[:12])))
        done |= trail.keys()
    return faults


def _oddities(
    site: Site, by_id: Mapping[str, Site], unit_of: Mapping[str, str | None], unit_names: Mapping[str, str]
) -> list[Fault]:
    parent = by_id.get(site.parent) if site.parent is not None else None
    odd = []
    if site.parent is None and site.kind in {SiteKind.OFFICE, SiteKind.STATION}:
        odd.append(_fault(site, "parent", f"has no {PARENTS[site.kind][0].value} above it", None))
    if not unit_of:
        return odd
    unit = unit_of.get(site.id)
    if unit is None:
        odd.append(_fault(site, "lon, lat", "lies in no township of the region", f"{site.lon:.6f}, {site.lat:.6f}"))
    elif site.unit is not None and unit not in {site.unit, unit_names.get(site.unit)}:
        odd.append(_fault(site, "unit", f"lies in {unit}, not where it says", site.unit))
    if site.kind is SiteKind.STATION and parent is not None and parent.kind is SiteKind.OFFICE:
        above = unit_of.get(parent.id)
        if unit is not None and above is not None and unit != above:
            odd.append(_fault(site, "parent", f"lies in {unit}, its office {parent.name} in {above}", site.parent))
    return odd
