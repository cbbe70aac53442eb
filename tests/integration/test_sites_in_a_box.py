"""Sites by box: the tree of boxes gives what looking at every site would."""

from __future__ import annotations

import numpy as np
import pytest

from geomatch.services import sites
from geomatch.services.region import open_region


@pytest.fixture(scope="module")
def region(real_haidian):
    """The real streets of Haidian with their 678 sites."""
    return open_region(real_haidian)


@pytest.mark.shared
def test_a_box_holds_what_looking_at_every_site_finds(region):
    """Random boxes, from a corner of a street to the whole globe, and one whose border runs through a site."""
    rng = np.random.default_rng(3)
    boxes = [(-180.0, -90.0, 180.0, 90.0), (0.0, 0.0, 1.0, 1.0)]
    for _ in range(60):
        (west, east), (south, north) = np.sort(rng.uniform(116.0, 116.5, 2)), np.sort(rng.uniform(39.8, 40.2, 2))
        boxes.append((float(west), float(south), float(east), float(north)))
    edge = region.sites[7]
    boxes.append((edge.lon, edge.lat, edge.lon + 0.01, edge.lat + 0.01))
    for west, south, east, north in boxes:
        plain = [site.id for site in region.sites if west <= site.lon <= east and south <= site.lat <= north]
        assert [site.id for site in sites.in_box(region, west, south, east, north)] == plain
    assert edge in sites.in_box(region, *boxes[-1])


@pytest.mark.shared
def test_a_box_follows_live_edits(region):
    """A site that is moved into a box is in it, and a closed one is not, at once."""
    first, second = region.sites[0], region.sites[1]
    box = (115.0, 39.0, 115.1, 39.1)
    assert [site.id for site in sites.in_box(region.move(first.id, 115.05, 39.05), *box)] == [first.id]
    around = (second.lon, second.lat, second.lon, second.lat)
    assert second.id not in [site.id for site in sites.in_box(region.close(second.id), *around)]
