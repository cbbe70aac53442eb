"""One function per call: a validated question and the open regions in, plain values out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geomatch.geo.coordinates import LngLat, looks_swapped, to_wgs84
from geomatch.services import circles as circles_service
from geomatch.services import coverage as coverage_service
from geomatch.services import gaps as gaps_service
from geomatch.services import nearest as nearest_service
from geomatch.services import setting as setting_service
from geomatch.services import sites as sites_service
from geomatch.web.api import places, stating
from geomatch.web.problems import invalid
from geomatch.web.served import SWAPPED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.planning.circles import Circle
    from geomatch.planning.nearest import Hit, LookupAnswer
    from geomatch.planning.sites import Site
    from geomatch.services.region import Region
    from geomatch.web.api.questions import (
        CirclesQuestion,
        CoverageQuestion,
        GapsQuestion,
        LookupQuestion,
        NearestQuestion,
        RegionsQuestion,
        SitesQuestion,
    )
    from geomatch.web.served import Served

    Json = dict[str, Any]


def regions(served: Served, asked: RegionsQuestion) -> Json:
    """List the regions with their boxes and counts."""
    rows = []
    for region in served.regions:
        summary = region.summary()
        west, south, east, north = summary.bbox
        corners = places.outward([(west, south), (west, north), (east, south), (east, north)], asked.coordsys)
        lons, lats = zip(*corners, strict=True)
        rows.append(
            {
                "id": summary.id,
                "name": summary.name,
                "name_en": summary.name_en,
                "bbox": [min(lons), min(lats), max(lons), max(lats)],
                "synthetic": summary.synthetic,
                "counts": dict(summary.counts),
                "population": summary.population,
            }
        )
    return {"regions": rows}


def nearest_anywhere(served: Served, asked: NearestQuestion) -> Json:
    """Find the nearest sites in the region that holds the point."""
    lon, lat = places.inward(asked.lon, asked.lat, asked.coordsys)
    return _nearest(served.around(lon, lat), asked, lon, lat)


def nearest(served: Served, region: Region, asked: NearestQuestion) -> Json:
    """Find the nearest sites of a named region."""
    lon, lat = places.inward(asked.lon, asked.lat, asked.coordsys)
    served.check_inside(region, lon, lat)
    return _nearest(region, asked, lon, lat)


def _nearest(region: Region, asked: NearestQuestion, lon: float, lat: float) -> Json:
    answer = nearest_service.nearest(
        region,
        lon,
        lat,
        limit=asked.limit,
        k=asked.k,
        kinds=asked.kind,
        open_at=asked.open_at,
        route=asked.route,
        only_within=asked.only == "within",
    )
    hits = answer.hits
    spots = places.outward([(hit.site.lon, hit.site.lat) for hit in hits], asked.coordsys)
    features = [_hit(hit, spot) for hit, spot in zip(hits, spots, strict=True)]
    if asked.route:
        for feature, hit in zip(features, hits, strict=True):
            way = places.outward(hit.route or (), asked.coordsys)
            feature["route"] = {"type": "LineString", "coordinates": way}
    query = {
        "lon": asked.lon,
        "lat": asked.lat,
        "coordsys": asked.coordsys,
        "access_m": answer.query.access_m,
        "on_network": answer.query.on_network,
        **stating.limit(answer.query.limit),
    }
    return stating.collection(region, features, query)


def _hit(hit: Hit, spot: Sequence[float]) -> Json:
    return stating.site_feature(
        hit.site,
        spot,
        rank=hit.rank,
        walk_m=hit.walk_m,
        walk_s=hit.walk_s,
        straight_m=hit.straight_m,
        within=hit.within,
    )


def lookup(served: Served, region: Region, asked: LookupQuestion) -> Json:
    """Find the nearest sites of many points, in their order."""
    if len(asked.points) > served.max_points:
        told = f"holds {len(asked.points):,} points; send at most {served.max_points:,} at a time"
        raise invalid([(("body", "points"), told)])
    degrees = np.array(asked.points, np.float64).reshape(-1, 2)
    swapped = np.flatnonzero(looks_swapped(degrees[:, 0], degrees[:, 1]))
    if len(swapped):
        raise invalid([(("body", "points", row), SWAPPED) for row in swapped.tolist()])
    lon, lat = to_wgs84(degrees[:, 0], degrees[:, 1], asked.coordsys)
    answer = nearest_service.lookup(region, lon, lat, limit=asked.limit, k=asked.k, kinds=asked.kind)
    rows = _lookup_rows(answer)
    k = answer.site.shape[1]
    results = rows if k == 1 else [rows[start : start + k] for start in range(0, len(rows), k)]
    return {
        "region": region.spec.id,
        "synthetic": region.spec.synthetic,
        **stating.limit(answer.limit),
        "results": results,
    }


def _lookup_rows(answer: LookupAnswer) -> list[Json]:
    """Give one row for every point and rank; inf becomes null when it is written."""
    k = answer.site.shape[1]
    ids = [site.id for site in answer.sites] + [None]  # -1, "no site", picks the last
    walk_m = answer.walk_m.ravel()
    found = walk_m < np.inf
    columns = zip(
        answer.site.ravel().tolist(),
        walk_m.tolist(),
        (walk_m / answer.speed_mps).tolist(),
        (found & (walk_m <= answer.limit.limit_m)).tolist(),
        np.repeat(answer.access_m, k).tolist(),
        np.repeat(answer.on_network, k).tolist(),
        strict=True,
    )
    return [
        {"site_id": ids[row], "walk_m": m, "walk_s": s, "within": within, "access_m": access, "on_network": on}
        for row, m, s, within, access, on in columns
    ]


def sites(_served: Served, region: Region, asked: SitesQuestion) -> Json:
    """List the sites of a region that match, page by page."""
    near = (
        region.sites
        if asked.bbox is None
        else sites_service.in_box(region, *places.widened(asked.bbox, asked.coordsys))
    )
    spots = places.outward([(site.lon, site.lat) for site in near], asked.coordsys)
    words = (asked.q or "").casefold().split()
    kinds = frozenset(asked.kind)
    found = [
        (site, spot)
        for site, spot in zip(near, spots, strict=True)
        if (not kinds or site.kind in kinds) and _in_box(spot, asked.bbox) and _has_words(site, words)
    ]
    page = found[asked.offset : asked.offset + asked.limit]
    features = [stating.whole_site(site, spot) for site, spot in page]
    return stating.collection(region, features, None, numberMatched=len(found), numberReturned=len(page))


def _in_box(spot: Sequence[float], box: Sequence[float] | None) -> bool:
    return box is None or (box[0] <= spot[0] <= box[2] and box[1] <= spot[1] <= box[3])


def _has_words(site: Site, words: Sequence[str]) -> bool:
    text = f"{site.id} {site.name}".casefold()
    return all(word in text for word in words)


def circles(served: Served, region: Region, asked: CirclesQuestion) -> Json:
    """Draw the circles of sites, or around a point."""
    at = None
    if asked.lon is not None and asked.lat is not None:
        at = LngLat(*places.inward(asked.lon, asked.lat, asked.coordsys))
        served.check_inside(region, *at)
    drawn = circles_service.circles(region, asked.limits, site_ids=asked.site, at=at, kinds=asked.kind)
    features = [_circle(circle, places.multipolygon(circle.coordinates, asked.coordsys)) for circle in drawn]
    query = {
        "lon": asked.lon,
        "lat": asked.lat,
        "coordsys": asked.coordsys,
        "profile": asked.profile,
        "limits": [stating.limit(limit) for limit in asked.limits],
    }
    return stating.collection(region, features, query)


def _circle(circle: Circle, shape: Json) -> Json:
    return {
        "type": "Feature",
        "geometry": shape,
        "properties": {
            "site": circle.site,
            **stating.limit(circle.limit),
            "area_m2": circle.area_m2,
            "street_m": circle.street_m,
            "population": circle.population,
            "shed_ratio": circle.shed_ratio,
        },
    }


def coverage(_served: Served, region: Region, asked: CoverageQuestion) -> Json:
    """Count who has a site within the limit, township by township."""
    table = coverage_service.coverage(region, asked.limit, asked.kind)
    return {
        **stating.stated(region, table.limit, table.kinds),
        "caveat": setting_service.ground(region).caveat,
        "total": stating.figures(table.total),
        "units": [{"id": row.id, "name": row.name, **stating.figures(row)} for row in table.units],
    }


def gaps(_served: Served, region: Region, asked: GapsQuestion) -> Json:
    """Rank the areas where people live with no site within the limit."""
    found = gaps_service.gaps(region, asked.limit, kinds=asked.kind, min_people=asked.min_people)
    shapes = [places.multipolygon(places.rings_of(gap.geometry), asked.coordsys) for gap in found]
    features = [
        {
            "type": "Feature",
            "geometry": shape,
            "properties": {
                "rank": gap.rank,
                "people": gap.people,
                "unit": gap.unit,
                "nearest_site": gap.nearest_site,
                "nearest_walk_m": gap.nearest_walk_m,
                "reason": gap.reason,
            },
        }
        for gap, shape in zip(found, shapes, strict=True)
    ]
    query = {
        "coordsys": asked.coordsys,
        "kind": asked.kind,
        "min_people": asked.min_people,
        **stating.limit(asked.limit),
    }
    return stating.collection(region, features, query, numberMatched=len(found), numberReturned=len(found))
