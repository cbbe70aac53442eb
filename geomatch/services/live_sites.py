"""Use cases: the sites of a region in the store, taken in from its files, added, changed and closed by offices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geomatch.errors import ChangedError, ConflictError, InputError, NotAllowedError, NotFoundError
from geomatch.files.cells import plain_text
from geomatch.planning import live_sites, opening, site_tree
from geomatch.planning.live_sites import LiveSite
from geomatch.planning.sites import SiteKind
from geomatch.store.change_rows import EVERYTHING
from geomatch.volunteering.roles import Role, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from geomatch.errors import Fault
    from geomatch.planning.sites import Site
    from geomatch.services.region import Region
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.roles import Principal

WHAT = "sites"
"""What the list of changes calls them."""

_STATION_MAY = ("hours", "services", "capacity")
_HUBS = frozenset({SiteKind.CENTRE, SiteKind.OFFICE})


def take_in(work: UnitOfWork, region: Region, *, at: datetime) -> tuple[str, ...] | None:
    """Take in the sites of the region's files where they are another edition than the one taken in last.

    Live edits are never lost by it; see planning/live_sites.py.

    Returns:
        The sites of which the files say something new that a live edit stands against; None where nothing was to do.
    """
    with work:
        if work.sites.lock(region.spec.id, at) == region.filed_edition:
            return None
        standing = _take_in(work, region, at)
        work.commit()
    return standing


def _take_in(work: UnitOfWork, region: Region, at: datetime) -> tuple[str, ...]:
    name = region.spec.id
    kept = work.sites.all(name)
    rows = live_sites.merged(kept, region.filed)
    work.sites.put(name, [row for row in rows if kept.get(row.id) != row], at, by=None)
    work.sites.drop(name, kept.keys() - {row.id for row in rows})
    standing = live_sites.standing(kept, rows)
    work.sites.imported(name, region.filed_edition, standing, at)
    work.changes.put(name, WHAT, EVERYTHING, at)
    return standing


def found(work: UnitOfWork, region: Region, site_id: str) -> LiveSite:
    """Find a site as it is now, with its version; NotFoundError where there is none, or it was closed."""
    with work:
        kept = work.sites.get(region.spec.id, site_id)
    filed = [site for site in region.filed if site.id == site_id]
    rows = live_sites.merged({} if kept is None else {site_id: kept}, filed)
    return _open(rows[0] if rows else None, region, site_id)


def add(work: UnitOfWork, region: Region, site: Site, *, who: Principal, at: datetime) -> LiveSite:
    """Add a site.

    Raises:
        InputError: what the files would be refused for.
        ConflictError: there is one of that id.
        NotAllowedError: it lies outside this account's area, or is above it.
    """

    def adding(row: LiveSite | None) -> LiveSite:
        if row is not None and row.now is not None:
            raise ConflictError(f"region {region.spec.id!r} has a site {site.id!r} already; give it another id")
        _check_may(region, who, site, _HUBS)
        return LiveSite(site.id, site, None) if row is None else row.edited(site)

    return _edit(work, region, site.id, adding, who=who, at=at)


def change(
    work: UnitOfWork, region: Region, site: Site, *, version: int | None, who: Principal, at: datetime
) -> LiveSite:
    """Write a site over as a whole; raises as `add` does, and as `close` does.

    A station may change its own hours, services and capacity only.
    """

    def changing(row: LiveSite | None) -> LiveSite:
        before = _at_version(row, region, site.id, version)
        now: Site = before.now  # type: ignore[assignment] # it is open
        _check_may(region, who, now, _HUBS if now.kind != site.kind else frozenset())
        _check_may(region, who, site, _HUBS if now.kind != site.kind else frozenset())
        if who.role is Role.STATION and replace(now, **{name: getattr(site, name) for name in _STATION_MAY}) != site:
            raise NotAllowedError(f"a station may change its own {', '.join(_STATION_MAY)}, and nothing else")
        return before.edited(site)

    return _edit(work, region, site.id, changing, who=who, at=at)


def close(work: UnitOfWork, region: Region, site_id: str, *, version: int | None, who: Principal, at: datetime) -> None:
    """Close a site for good.

    Raises:
        NotFoundError: there is none.
        ChangedError: it is at another version.
        ConflictError: others stand below it.
        NotAllowedError: as in `add`; a station closes none.
    """

    def closing(row: LiveSite | None) -> LiveSite:
        before = _at_version(row, region, site_id, version)
        _check_may(region, who, before.now, _HUBS)  # type: ignore[arg-type] # it is open
        if who.role is Role.STATION:
            raise NotAllowedError("a station closes no site; ask the office above it")
        return before.edited(None)

    _edit(work, region, site_id, closing, who=who, at=at)


def _edit(
    work: UnitOfWork,
    region: Region,
    site_id: str,
    edit: Callable[[LiveSite | None], LiveSite],
    *,
    who: Principal,
    at: datetime,
) -> LiveSite:
    """Change one site while nobody else changes any of the region's."""
    name = region.spec.id
    with work:
        if work.sites.lock(name, at) != region.filed_edition:
            _take_in(work, region, at)
        before = work.sites.all(name)
        row = edit(before.get(site_id))
        _check(region, before, row)
        work.sites.put(name, [row], at, by=who.account)
        work.changes.put(name, WHAT, site_id, at)
        work.commit()
    return row


def _at_version(row: LiveSite | None, region: Region, site_id: str, version: int | None) -> LiveSite:
    row = _open(row, region, site_id)
    if version is not None and version != row.version:
        told = f"site {site_id!r} was changed meanwhile (it is at version {row.version}); read it again"
        raise ChangedError(told)
    return row


def _open(row: LiveSite | None, region: Region, site_id: str) -> LiveSite:
    if row is None or row.now is None:
        raise NotFoundError(f"there is no site {site_id!r} in region {region.spec.id!r}")
    return row


def _check_may(region: Region, who: Principal, site: Site, above: frozenset[SiteKind]) -> None:
    """Refuse a site outside the area of an account; offices and stations make and close none of the kinds above."""
    units = _units_of(region, site)
    if not any(scope_of(who).holds(region=region.spec.id, unit=unit, site=site.id) for unit in units or (None,)):
        raise NotAllowedError("this site is not in this account's area")
    if who.role is not Role.CENTRE and site.kind in above:
        raise NotAllowedError(f"only the centre adds, closes or makes a site of kind {site.kind.value!r}")


def _units_of(region: Region, site: Site) -> tuple[str, ...]:
    """Give the id and the name of the township that a site lies in; where none are stated, what it says itself."""
    if not region.townships.stated:
        return () if site.unit is None else (site.unit,)
    row = int(region.townships.locate(site.lon, site.lat)[0])
    return () if row < 0 else (region.units[row].id, region.units[row].name)


def _check(region: Region, before: Mapping[str, LiveSite], row: LiveSite) -> None:
    """Refuse what the files would be refused for, told by the names of the fields."""
    tree = _tree_faults({**before, row.id: row}) - _tree_faults(before)
    if row.now is None:
        if tree:
            below = [each.id for each in before.values() if each.now is not None and each.now.parent == row.id]
            raise ConflictError(f"sites stand below it: {', '.join(below[:10])}; put them below another first")
        return
    if tree:
        raise InputError.of("parent", next(iter(tree)).reason, value=row.now.parent)
    if not region.covers(row.now.lon, row.now.lat):
        is_swapped = abs(row.now.lon) <= 90 and region.covers(row.now.lat, row.now.lon)  # noqa: PLR2004 - a latitude
        told = "look swapped: give the longitude first" if is_swapped else "lies outside the region"
        raise InputError.of("lon, lat", told, value=f"{row.now.lon:g}, {row.now.lat:g}")


def _tree_faults(rows: Mapping[str, LiveSite]) -> set[Fault]:
    return set(site_tree.check(live_sites.sites_of(rows.values()), {}).faults)


def plain(site: Site) -> Site:
    """Give a site with its texts as the files would have them.

    Raises:
        InputError: every text that the files would be refused for.
    """
    faults: list[Fault] = []

    def read(name: str, text: str | None, parse: Callable[[str], str]) -> str | None:
        try:
            return None if text is None else parse(text) or None
        except ValueError as error:
            faults.extend(InputError.of(name, str(error), value=text).faults)
            return None

    told = replace(
        site,
        id=read("id", site.id, plain_text) or "",
        name=read("name", site.name, plain_text) or "",
        parent=read("parent", site.parent, plain_text),
        unit=read("unit", site.unit, plain_text),
        hours=read("hours", site.hours, opening.check),
        services=tuple(filter(None, (read("services", each, plain_text) for each in site.services))),
    )
    if faults:
        raise InputError(faults)
    return told
