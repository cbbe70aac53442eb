"""The files of a real district, and of the bundled one, are read whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from geomatch.files import demand_table, point_table, region_file, site_table, unit_file
from geomatch.geo import projection
from geomatch.geo.coordinates import CoordSys
from geomatch.network import graph, osm
from geomatch.planning import demand, site_tree

BUNDLED = Path(__file__).resolve().parents[2] / "data" / "haidian"
CENSUS = 3_133_469


@pytest.fixture(params=["real", "bundled"])
def spec(request: pytest.FixtureRequest) -> region_file.RegionSpec:
    """A region with townships and homes."""
    real = request.param == "real"
    folder = request.getfixturevalue("shared_data") / "haidian" if real else BUNDLED
    return region_file.load_spec(folder)


def test_sites_form_a_tree_in_their_townships(spec: region_file.RegionSpec) -> None:
    """1 centre, 29 offices, 648 stations; every parent is right and in the township that it says."""
    sites = site_table.read_site_files(spec.sites)
    kinds = Counter(site.kind.value for site in sites)
    assert (kinds["centre"], kinds["office"], kinds["station"]) == (1, 29, 648)
    assert spec.units is not None
    units = unit_file.read_units(spec.units).units
    rows = units.locate([site.lon for site in sites], [site.lat for site in sites]).tolist()
    unit_of = {site.id: units.names[row] if row >= 0 else None for site, row in zip(sites, rows, strict=True)}
    found = site_tree.check(sites, unit_of, dict(zip(units.ids, units.names, strict=True)))
    assert (found.faults, found.warnings) == ((), ())


def test_people_add_up_to_the_census_in_every_township(spec: region_file.RegionSpec) -> None:
    """Over homes, over streets where there are no homes, at an inner point where there is neither."""
    assert spec.units is not None
    assert spec.demand is not None
    units, points = unit_file.read_units(spec.units).units, demand_table.read_demand(spec.demand)
    segments, _ = osm.read(spec.streets.osm)
    streets = graph.build(segments, projection.plane("EPSG:4548"))
    empty = demand.empty_units(points, units)
    peopled = demand.people(points, units, demand.street_points(streets, units, empty))
    homes = peopled.homes
    assert set(peopled.on_streets) | set(peopled.streetless) == set(empty)
    assert peopled.outside == ()
    assert int(homes.population.sum()) == CENSUS
    for unit, census in enumerate(units.populations.tolist()):
        assert int(homes.population[homes.unit == unit].sum()) == census
    assert len(set(homes.id)) == len(homes)


def test_candidate_shops_are_points_to_look_up(shared_data: Path) -> None:
    """A file with a kind of its own keeps it beside the kind that is added."""
    points = point_table.read_points(shared_data / "haidian" / "shops-gcj02.csv", CoordSys.GCJ02)
    assert points.columns == ("id", "name", "input_kind", "lon", "lat")
    assert len(points.rows) == 1000
    assert 116.2 < float(points.lon.min()) < float(points.lon.max()) < 116.4
