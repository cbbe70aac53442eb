"""The real region's files are read whole."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from geomatch.files import demand_table, region_file, site_table, unit_file

if TYPE_CHECKING:
    from pathlib import Path


def test_the_real_region_is_read_whole(shared_data: Path) -> None:
    """Sites, homes and townships of the real Haidian have the counts that its README states."""
    spec = region_file.load_spec(shared_data / "haidian")
    kinds = Counter(site.kind.value for site in site_table.read_site_files(spec.sites))
    assert kinds == {"centre": 1, "office": 29, "station": 648}
    assert spec.demand is not None
    assert len(demand_table.read_demand(spec.demand)) == 1986
    assert spec.units is not None
    assert int(unit_file.read_units(spec.units).units.populations.sum()) == 3_133_469
