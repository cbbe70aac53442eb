"""Towns with one thing wrong each, whose cause and cure are known by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomatch.network.profiles import limit_for
from geomatch.planning.causes.found import Cause, CauseKind, GapCauses, Obstacle, Remedy, RemedyKind
from geomatch.services import causes
from geomatch.services.whatif import whatif
from tests.towns import Town, metres

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.network.profiles import Limit
    from geomatch.services.region import Region


def only_gap(region: Region, limit: Limit) -> GapCauses:
    """Give the causes of a town's one gap; every remedy is held against its what-if."""
    (told,) = causes.causes(region, limit)
    for remedy in told.remedies:
        then = whatif(region, causes.changes_of(remedy), limit)
        assert then.after.total.covered - then.before.total.covered == remedy.people_won
    return told


def only_cause(told: GapCauses) -> Cause:
    """Give the one cause of a gap."""
    (cause,) = told.causes
    assert cause.people == told.gap.people
    return cause


def remedy_of(told: GapCauses, kind: RemedyKind) -> Remedy:
    """Give the first remedy of a kind."""
    return next(remedy for remedy in told.remedies if remedy.kind is kind)


def ends(remedy: Remedy) -> list[tuple[float, float]]:
    """Give a remedy's spots in metres of the town, to the metre, in order."""
    return sorted((round(x), round(y)) for x, y in (metres(*spot) for spot in remedy.spots))


def two_banks() -> Town:
    """Two banks 200 m apart, a bridge in the far north, a site in the south of the west bank, homes opposite."""
    town = Town()
    town.grid(range(6), range(12), "西")
    town.grid(range(7, 13), range(12), "东")
    town.way((500.0, 1100.0), (700.0, 1100.0), highway="residential", bridge="yes", name="北桥")
    town.sites = [("S1", "station", (500.0, 0.0), "")]
    town.homes = [((700.0, 0.0), 300), ((800.0, 0.0), 200), ((900.0, 0.0), 500)]
    return town


def test_a_river_is_named_and_a_footbridge_goes_where_it_wins_all(tmp_path: Path) -> None:
    """At the southern end all homes come within 410 m; anywhere else the furthest would not."""
    town = two_banks()
    town.way((600.0, -500.0), (600.0, 1500.0), waterway="river", name="小清河")
    told = only_gap(town.build(tmp_path), limit_for(metres=410))
    cause = only_cause(told)
    assert (cause.kind, cause.people, cause.obstacle) == (CauseKind.BARRIER, 1000, Obstacle("water", "小清河"))
    assert (cause.site, round(cause.straight_m or 0), round(cause.walk_m or 0)) == ("S1", 400, 2600)
    bridge = remedy_of(told, RemedyKind.BRIDGE)
    assert (bridge.people_won, bridge.people_here, ends(bridge)) == (1000, 1000, [(500, 0), (700, 0)])
    assert bridge.crosses == (Obstacle("water", "小清河"),)
    assert set(bridge.streets) <= {"西横0街", "西纵5街", "东横0街", "东纵7街"}
    assert bridge.length_m == pytest.approx(200, abs=0.1)
    assert set(cause.streets) == set(bridge.streets)


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"railway": "rail", "name": "京北铁路"}, "railway"),
        ({"highway": "motorway", "name": "五环"}, "road"),
        ({"highway": "trunk", "motorroad": "yes", "name": "快速路"}, "road"),
    ],
)
def test_railways_and_motorways_are_named(tmp_path: Path, tags: dict[str, str], kind: str) -> None:
    """What lies between is named by its kind and its name."""
    town = two_banks()
    town.way((600.0, -500.0), (600.0, 1500.0), apart="below", **tags)
    cause = only_cause(only_gap(town.build(tmp_path), limit_for(metres=410)))
    assert (cause.kind, cause.obstacle) == (CauseKind.BARRIER, Obstacle(kind, tags["name"]))


@pytest.mark.parametrize(
    "tags",
    [
        {"railway": "rail", "tunnel": "yes"},
        {"railway": "rail", "bridge": "yes"},
        {"railway": "tram"},
        {"waterway": "ditch"},
        {"highway": "motorway", "bridge": "yes"},
        {"highway": "motorway", "tunnel": "yes"},
    ],
)
def test_what_can_be_walked_under_or_over_is_no_barrier(tmp_path: Path, tags: dict[str, str]) -> None:
    """Then nothing on record is between: the way is long, and too wide to be bridged by a path."""
    town = two_banks()
    town.way((600.0, -500.0), (600.0, 1500.0), apart="below", **tags)
    told = only_gap(town.build(tmp_path), limit_for(metres=410))
    assert (only_cause(told).kind, only_cause(told).obstacle) == (CauseKind.DETOUR, None)
    assert {remedy.kind for remedy in told.remedies} == {RemedyKind.SITE}


def compound() -> Town:
    """A walled estate of lanes; it opens in the far north, the site outside and the homes inside are in the south."""
    town = Town()
    town.grid(range(10), range(-1, 1), "外")
    town.grid(range(10), range(2, 13), "里")
    for column in range(10):
        town.way((column * 100.0, 60.0), (column * 100.0, 200.0), highway="service")
    town.way((900.0, 1200.0), (1200.0, 1200.0), (1200.0, 0.0), (900.0, 0.0), highway="residential", name="环路")
    wall = [(-50.0, 30.0), (950.0, 30.0), (950.0, 1250.0), (-50.0, 1250.0), (-50.0, 30.0)]
    town.way(*wall, apart="wall", barrier="wall")
    town.sites = [("S1", "station", (400.0, 0.0), "")]
    town.homes = [((400.0, 200.0), 700), ((400.0, 300.0), 300)]
    return town


def test_a_gate_goes_through_the_wall_where_it_wins_most(tmp_path: Path) -> None:
    """The lane that ends before the wall, opposite the site, is joined to the street outside."""
    told = only_gap(compound().build(tmp_path), limit_for(metres=310))
    cause = only_cause(told)
    assert (cause.kind, cause.people, cause.obstacle) == (CauseKind.BARRIER, 1000, Obstacle("wall", ""))
    gate = remedy_of(told, RemedyKind.GATE)
    assert (gate.people_won, ends(gate), gate.crosses) == (1000, [(400, 0), (400, 63)], (Obstacle("wall", ""),))


def test_a_locked_gate_is_opened(tmp_path: Path) -> None:
    """Both ends of the way lie at one point; the remedy leads from a little before it to a little behind."""
    town = compound()
    town.way((400.0, 0.0), (400.0, 30.0), (400.0, 60.0), highway="service")
    town.node((400.0, 30.0), barrier="gate", access="private")
    told = only_gap(town.build(tmp_path), limit_for(metres=310))
    assert only_cause(told).obstacle == Obstacle("wall", "")
    gate = remedy_of(told, RemedyKind.GATE)
    assert (gate.people_won, ends(gate)) == (1000, [(400, 27), (400, 33)])


def terrace() -> Town:
    """Two terraces; a flight of steps joins them in the south, a street without steps far in the north."""
    town = Town()
    town.grid(range(6), range(12), "下")
    town.grid(range(7, 13), range(12), "上")
    town.way((500.0, 1100.0), (700.0, 1100.0), highway="residential")
    town.way((500.0, 0.0), (580.0, 0.0), highway="residential", name="坡路")
    town.way((580.0, 0.0), (620.0, 0.0), highway="steps", name="百步梯")
    town.way((620.0, 0.0), (700.0, 0.0), highway="residential", name="台路")
    town.sites = [("S1", "station", (500.0, 0.0), "")]
    town.homes = [((800.0, 0.0), 400), ((900.0, 0.0), 600)]
    return town


def test_steps_are_named_to_those_who_cannot_take_them(tmp_path: Path) -> None:
    """Adults are covered; in a wheelchair the steps are in the way, and a ramp from street to street wins all."""
    region = terrace().build(tmp_path)
    assert causes.causes(region, limit_for(metres=500)) == ()
    told = only_gap(region, limit_for("wheelchair", metres=500))
    cause = only_cause(told)
    assert (cause.kind, cause.people, cause.obstacle) == (CauseKind.STEPS, 1000, Obstacle("steps", "百步梯"))
    assert set(cause.streets) == {"坡路", "台路"}
    ramp = remedy_of(told, RemedyKind.RAMP)
    assert (ramp.people_won, ends(ramp), ramp.crosses) == (1000, [(580, 0), (620, 0)], (Obstacle("steps", "百步梯"),))


def test_steps_cost_the_old_half_as_much_again(tmp_path: Path) -> None:
    """40 m of steps count 60: 420 m is too far for the home at 400 m, and no site is too far for an adult."""
    told = only_gap(terrace().build(tmp_path), limit_for("elder", metres=410))
    cause = only_cause(told)
    assert (cause.kind, cause.people, cause.obstacle) == (CauseKind.STEPS, 600, Obstacle("steps", "百步梯"))
    assert remedy_of(told, RemedyKind.RAMP).people_won == 600


def test_who_walks_slowly_is_told_so(tmp_path: Path) -> None:
    """400 m in 6 minutes: an adult gets 468 m, an elder 288; no steps are in the way."""
    town = Town(homes=[((400.0, 0.0), 50)], sites=[("S1", "station", (0.0, 0.0), "")])
    town.grid(range(12), range(8))
    told = only_gap(town.build(tmp_path), limit_for("elder", minutes=6))
    assert (only_cause(told).kind, only_cause(told).walk_m) == (CauseKind.PACE, pytest.approx(400, abs=0.1))


@pytest.mark.parametrize(("rows", "on_network"), [(10, True), (3, False)])
def test_an_island_is_a_fault_of_the_data(tmp_path: Path, rows: int, *, on_network: bool) -> None:
    """Streets that join no others: a large part can be joined by a path, in a small one homes reach no network."""
    town = Town(homes=[((1060.0, 0.0), 80)], sites=[("S1", "station", (1000.0, 0.0), "")])
    town.grid(range(11), range(10))
    for row in range(rows):
        town.way(*((1060.0 + 100 * column, row * 100.0) for column in range(8)), highway="residential")
    for column in range(8):
        town.way(*((1060.0 + 100 * column, row * 100.0) for row in range(rows)), highway="residential")
    town.homes[0] = ((1460.0, 0.0), 80)
    told = only_gap(town.build(tmp_path), limit_for(metres=600))
    cause = only_cause(told)
    assert (cause.kind, cause.people, cause.walk_m) == (CauseKind.ISLAND, 80, None)
    kinds = {remedy.kind for remedy in told.remedies}
    assert kinds == ({RemedyKind.PATH, RemedyKind.SITE} if on_network else set())
    if on_network:
        assert ends(remedy_of(told, RemedyKind.PATH)) == [(1000, 0), (1060, 0)]


def test_homes_far_from_any_street_are_told_apart(tmp_path: Path) -> None:
    """Nothing that can be built on the streets wins them."""
    town = Town(homes=[((500.0, -600.0), 30)], sites=[("S1", "station", (500.0, 0.0), "")])
    town.grid(range(11), range(10))
    told = only_gap(town.build(tmp_path), limit_for())
    assert (only_cause(told).kind, told.remedies) == (CauseKind.HOME_OFF, ())


def test_a_site_that_reaches_no_street_can_be_set_right(tmp_path: Path) -> None:
    """Its file puts it 300 m from the nearest street; at that street it serves the homes."""
    town = Town(homes=[((500.0, 100.0), 60)], sites=[("S1", "station", (500.0, -300.0), "")])
    town.sites.append(("S2", "station", (500.0, 900.0), ""))
    town.grid(range(11), range(10))
    told = only_gap(town.build(tmp_path), limit_for(metres=500))
    assert (only_cause(told).kind, only_cause(told).site) == (CauseKind.SITE_OFF, "S1")
    placed = remedy_of(told, RemedyKind.PLACE)
    assert (placed.people_won, ends(placed)) == (60, [(500, 0)])
    assert placed.site is not None
    assert placed.site.id == "S1"


def test_where_no_site_is_near_a_new_one_is_set_among_the_homes(tmp_path: Path) -> None:
    """Only from one corner are all three homes within 110 m."""
    homes = [((1500.0, 400.0), 10), ((1600.0, 500.0), 20), ((1500.0, 600.0), 40)]
    town = Town(homes=homes, sites=[("S1", "station", (0.0, 0.0), "")])
    town.grid(range(18), range(10))
    told = only_gap(town.build(tmp_path), limit_for(metres=110))
    assert only_cause(told).kind is CauseKind.NONE_NEAR
    site = remedy_of(told, RemedyKind.SITE)
    assert (site.people_won, ends(site), set(site.streets)) == (70, [(1500, 500)], {"横5街", "纵15街"})
