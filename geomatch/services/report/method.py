"""The last sections: method, sources, caveats."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from geomatch.reporting.document import Listing, Source
from geomatch.services.build_report import OSM_CREDIT

if TYPE_CHECKING:
    from geomatch.reporting.document import Paragraph, Section
    from geomatch.services.region import Region
    from geomatch.services.report.telling import Telling

_OFF_NETWORK = 5
"""The caveat that holds only where people live off the network."""


def method(telling: Telling) -> Section:
    """Say how every figure is computed."""
    region, limit = telling.found.region, telling.found.limit
    streets, graph = region.spec.streets, region.graph
    standard = telling.say("custom") if limit.standard == "custom" else limit.standard
    values = {
        "credit": OSM_CREDIT.removeprefix("© "),
        "segments": f"{graph.edge_count:,}",
        "km": f"{float(graph.edge_length_m.sum()) / 1000:,.0f}",
        "least": f"{streets.min_part_segments:,}",
        "access": f"{streets.max_access_m:g}",
        "homes": f"{len(region.homes):,}",
        "standard": standard,
        "crs": graph.plane.code,
    }
    points = tuple(telling.sentence(f"m{number}", **values) for number in range(1, 8))
    return telling.section("method", Listing(points))


def sources(telling: Telling) -> Section:
    """Say what the region was built of, and when; the files themselves are the report's sources."""
    region = telling.found.region
    said: list[Paragraph] = [
        telling.sentence("p_sources", moment=region.built_at),
        telling.sentence("p_credit", credit=OSM_CREDIT),
        telling.sentence("p_recount", tone="note"),
    ]
    return telling.section("sources", *said)


def caveats(telling: Telling) -> Section:
    """Say what the figures do not know."""
    off = telling.found.coverage.total.off_network
    told = [number for number in range(1, 7) if number != _OFF_NETWORK or off]
    points = [telling.sentence(f"x{number}", off_network=f"{off:,}") for number in told]
    if telling.found.region.spec.synthetic:
        points.insert(0, telling.sentence("synthetic_note"))
    return telling.section("caveats", Listing(tuple(points)))


def files_of(region: Region, telling: Telling) -> tuple[Source, ...]:
    """Give the files that the region was built of, with what each holds."""
    spec = region.spec
    what = {spec.streets.osm: "streets"}
    what |= {} if spec.units is None else {spec.units.file: "units"}
    what |= {} if spec.demand is None else {spec.demand.file: "demand"}
    what |= {site.file: "sites" for site in spec.sites}
    named = {os.path.relpath(path, region.folder): key for path, key in what.items()}
    return tuple(
        Source(Path(told.path).name, telling.say(f"source_{named.get(told.path, 'region')}"), told.size, told.sha256)
        for told in region.sources
    )
