"""Use case: what is known of a region as layers of a map: townships, gaps, circles, sites, homes, areas."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geomatch.files.geo_out import Column, Feature, Layer
from geomatch.files.layers_out import Imprint
from geomatch.planning import standards as standards_room
from geomatch.services import areas as areas_service
from geomatch.services import circles as circles_service
from geomatch.services import coverage as coverage_service
from geomatch.services import fairness as fairness_service
from geomatch.services import gaps as gaps_service
from geomatch.services import setting as setting_service
from geomatch.services import standards as standards_service
from geomatch.services.build_report import OSM_CREDIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geomatch.network.profiles import Limit
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region

_POINT, _AREA = "Point", "MultiPolygon"
_METRES, _SHARE = 2, 6
"""Decimals of metres and of shares that are written."""

_TOWNSHIP = (
    Column("id", str, "街镇编号", "id of the township"),
    Column("name", str, "街镇", "township"),
    Column("population", int, "人口", "people"),
    Column("covered", int, "可达人数", "people within the limit of a site"),
    Column("share", float, "可达率", "covered / population"),
    Column("off_network", int, "不在路网上的人数", "people whose home reaches no street", "off_net"),
    Column("straight_line_share", float, "直线圈宣称的覆盖率", "share that straight circles would claim", "straight"),
    Column("backup_share", float, "两处以上可达的比例", "share with two or more sites within the limit", "backup_sh"),
    Column("median_walk_m", float, "步行距离中位数（米）", "median walk, metres", "median_m"),
    Column("p90_walk_m", float, "步行距离第 90 百分位（米）", "90th percentile of the walk, metres"),
    Column(
        "worst_decile_walk_m",
        float,
        "最远十分之一的平均步行（米）",
        "mean walk of the worst tenth, metres",
        "worst10_m",
    ),
    Column("gini", float, "步行距离基尼系数", "Gini coefficient of the walk"),
    Column("target", float, "目标（%）", "target, per cent"),
    Column("passes", bool, "是否达标", "whether the share reaches the target"),
    Column("shortfall", int, "缺口人数", "people missing for the target"),
    Column("people_per_km2", float, "每平方公里人数", "people per km2", "per_km2"),
    Column("rural", bool, "乡村", "too thinly settled for 1000 m on foot"),
)
_GAP = (
    Column("rank", int, "名次（按人数）", "1 for the most people"),
    Column("people", int, "人数", "uncovered people who live in it"),
    Column("unit", str, "街镇", "township where most of them live"),
    Column("nearest_site", str, "最近站点编号", "id of the nearest site", "near_site"),
    Column("nearest_walk_m", float, "到最近站点的步行（米）", "shortest walk to it, metres", "near_m"),
    Column("reason", str, "too_far 太远、cut_off 隔断、off_network 不在路网上", "too_far, cut_off or off_network"),
)
_CIRCLE = (
    Column("site", str, "站点编号", "id of the site"),
    Column("name", str, "站点", "site"),
    Column("limit_m", float, "限值（米）", "limit, metres"),
    Column("limit_s", float, "限值（秒）", "limit, seconds"),
    Column("area_m2", float, "面积（平方米）", "area, m2"),
    Column("street_m", float, "圈内街道长度（米）", "metres of street within the limit"),
    Column("population", int, "圈内人数", "people within the limit"),
    Column("shed_ratio", float, "步行圈面积与同半径圆之比", "area over that of a circle of the same radius"),
)
_SITE = (
    Column("id", str, "站点编号", "id of the site"),
    Column("name", str, "站点", "site"),
    Column("kind", str, "类别", "centre, office, station, outpost, base or landscape"),
    Column("parent", str, "上级站点编号", "id of the site above it"),
    Column("unit", str, "所属街镇", "township that it says it belongs to"),
    Column("hours", str, "开放时间", "opening hours, as OpenStreetMap writes them"),
    Column("capacity", int, "可服务人数", "people whom it can serve"),
    Column("lost", int, "关闭后失去覆盖的人数", "people who lose their cover if it closes"),
    Column("nearest", int, "以它为最近站点的圈内人数", "people within the limit whose nearest site it is"),
)
_HOME = (
    Column("id", str, "住址编号", "id of the home"),
    Column("name", str, "名称", "name"),
    Column("unit", str, "街镇", "township"),
    Column("population", int, "人口", "people"),
    Column("on_network", bool, "是否在路网上", "whether it reaches a street", "on_net"),
    Column("walk_m", float, "到最近站点的步行（米）", "walk to the nearest site, metres"),
    Column("site", str, "最近站点编号", "id of the nearest site"),
    Column("covered", bool, "是否可达", "whether the walk is within the limit"),
    Column("second_m", float, "到第二近站点的步行（米）", "walk to the second nearest site, metres"),
    Column("straight_m", float, "到最近站点的直线距离（米）", "metres to the nearest site as the crow flies"),
)
_AREA_OF = (
    Column("site", str, "站点编号", "id of the site"),
    Column("name", str, "站点", "site"),
    Column("area_m2", float, "面积（平方米）", "area, m2"),
    Column("population", int, "人数", "people within the limit whose nearest site it is"),
    Column("homes", int, "住址数", "homes of those people"),
)
_SAID = (
    Column("region", str, "地区编号", "id of the region"),
    Column("standard", str, "标准", "standard"),
    Column("profile", str, "人群", "who walks"),
    Column("limit_m", float, "限值（米）", "limit, metres"),
    Column("limit_s", float, "限值（秒）", "limit, seconds"),
    Column("synthetic", bool, "示范数据", "whether the data is made up"),
    Column("attribution", str, "署名", "credit", "credit"),
)


def imprint(region: Region, limit: Limit, styles: Mapping[str, str] | None = None) -> Imprint:
    """Give what every file of a region says of itself; its date is that of the build."""
    spec = region.spec
    values = (spec.id, limit.standard, limit.profile, limit.limit_m, limit.limit_s, spec.synthetic, OSM_CREDIT)
    return Imprint(made_at(region), dict(zip(_SAID, values, strict=True)), styles or {})


def made_at(region: Region) -> datetime:
    """Give the moment of a region's build, by which every file of it is dated."""
    return datetime.fromisoformat(region.built_at)


def townships(region: Region, limit: Limit, kinds: Sequence[SiteKind] = (), *, target: float) -> Layer:
    """Give the townships with their coverage, held against a target in per cent; none where the region states none.

    Raises:
        InputError: the target is no percentage.
    """
    table = coverage_service.coverage(region, limit, kinds)
    held, ground = standards_service.kept(table, target), setting_service.ground(region)
    rows = zip(region.units, table.units, held.units, ground.unit_people_per_km2, strict=True)
    told = [
        (
            unit.geometry, unit.id, unit.name, row.population, row.covered, _share(row.share), row.off_network,
            _share(row.straight_line_share), _share(row.backup_share), _metres(row.median_walk_m),
            _metres(row.p90_walk_m), _metres(row.worst_decile_walk_m), _share(row.gini), target, verdict.passes,
            verdict.shortfall, _metres(density), standards_room.is_rural(density),
        )
        for unit, row, verdict, density in rows
    ]  # fmt: skip
    return _layer("townships", _AREA, _TOWNSHIP, told if region.townships.stated else ())


def gaps(region: Region, limit: Limit, kinds: Sequence[SiteKind] = (), *, min_people: int = 0) -> Layer:
    """Give the uncovered areas where at least min_people live, most people first."""
    found = gaps_service.gaps(region, limit, kinds=kinds, min_people=min_people)
    rows = (
        (gap.geometry, gap.rank, gap.people, gap.unit, gap.nearest_site, _metres(gap.nearest_walk_m), gap.reason)
        for gap in found
    )
    return _layer("gaps", _AREA, _GAP, rows)


def circles(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> Layer:
    """Give the circle of every site."""
    names = {site.id: site.name for site in region.sites}
    rows = (
        (
            circle.geometry, circle.site, names.get(circle.site or ""), limit.limit_m, limit.limit_s,
            round(circle.area_m2, 1), round(circle.street_m, 1), circle.population,
            round(circle.shed_ratio, 4),
        )
        for circle in circles_service.circles(region, (limit,), kinds=kinds)
    )  # fmt: skip
    return _layer("circles", _AREA, _CIRCLE, rows)


def sites(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> Layer:
    """Give the sites with what hangs on each."""
    found = sorted(fairness_service.criticality(region, limit, kinds), key=lambda row: region.site_row(row.site.id))
    rows = (
        (
            shapely.Point(row.site.lon, row.site.lat), row.site.id, row.site.name, row.site.kind.value,
            row.site.parent, row.site.unit, row.site.hours, row.site.capacity, row.lost, row.nearest,
        )
        for row in found
    )  # fmt: skip
    return _layer("sites", _POINT, _SITE, rows)


def homes(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> Layer:
    """Give every home with its own walk, from which all figures of people come."""
    of, people = region.homes, coverage_service.people_of(region, limit.profile, kinds)
    nearest = region.home_walks(limit.profile, kinds).site[:, 0].tolist()
    site_ids, units = [site.id for site in region.sites] + [None], (*region.unit_names, None)  # -1 picks the last
    columns = zip(
        np.asarray(shapely.points(of.lon, of.lat), object), of.id, of.name, (units[row] for row in of.unit.tolist()),
        of.population.tolist(), people.on_network.tolist(), _finite(people.walk_m), (site_ids[row] for row in nearest),
        (people.walk_m <= limit.limit_m).tolist(), _finite(people.second_m), _finite(people.straight_m), strict=True,
    )  # fmt: skip
    return _layer("homes", _POINT, _HOME, columns)


def areas(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> Layer:
    """Give the ground to which each site is the nearest."""
    names = {site.id: site.name for site in region.sites}
    rows = (
        (area.geometry, area.site, names[area.site], round(area.area_m2, 1), area.population, area.homes)
        for area in areas_service.areas(region, limit, kinds)
    )
    return _layer("areas", _AREA, _AREA_OF, rows)


def _layer(name: str, geometry: str, columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...]]) -> Layer:
    """Make a layer of rows: a geometry and the values of the columns."""
    names = [column.name for column in columns]
    features = [Feature(shape, dict(zip(names, values, strict=True))) for shape, *values in rows]
    return Layer(name, geometry, columns, features)


def _finite(metres: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    return [_metres(walk) if np.isfinite(walk) else None for walk in metres.tolist()]


def _metres(metres: float | None) -> float | None:
    return None if metres is None else round(metres, _METRES)


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, _SHARE)
