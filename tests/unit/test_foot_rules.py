from __future__ import annotations

import pytest

from geomatch.network import foot_rules
from geomatch.network.graph import KINDS

WALKABLE = [
    ("highway=residential", "residential"),
    ("highway=unclassified", "unclassified"),
    ("highway=living_street", "living_street"),
    ("highway=service", "service"),
    ("highway=service service=parking_aisle", "service"),
    ("highway=tertiary", "tertiary"),
    ("highway=secondary_link", "secondary"),
    ("highway=primary", "primary"),
    ("highway=trunk", "trunk"),
    ("highway=trunk_link", "trunk"),
    ("highway=road", "road"),
    ("highway=track", "track"),
    ("highway=path", "path"),
    ("highway=trail", "path"),
    ("highway=bridleway", "bridleway"),
    ("highway=footway", "footway"),
    ("highway=footway footway=sidewalk", "footway"),
    ("highway=pedestrian", "pedestrian"),
    ("highway=pedestrian area=yes", "pedestrian"),
    ("highway=corridor indoor=yes", "corridor"),
    ("highway=elevator", "elevator"),
    ("highway=steps", "steps"),
    ("highway=steps conveying=yes", "steps"),
    ("highway=steps conveying=forward", "steps"),
    ("highway=footway conveying=yes", "footway"),
    ("highway=footway footway=crossing", "crossing"),
    ("highway=path path=crossing", "crossing"),
    ("highway=cycleway cycleway=crossing foot=yes", "crossing"),
    ("highway=footway bridge=yes layer=1", "footway"),
    ("highway=footway tunnel=yes layer=-1", "footway"),
    ("highway=residential junction=roundabout", "residential"),
    ("highway=platform", "platform"),
    ("railway=platform", "platform"),
    ("public_transport=platform", "platform"),
    ("highway=cycleway foot=yes", "cycleway"),
    ("highway=cycleway foot=designated segregated=yes", "cycleway"),
    ("highway=motorway foot=yes", "trunk"),
    ("highway=motorway_link foot=designated", "trunk"),
    ("highway=busway foot=yes", "service"),
    ("highway=trunk motorroad=yes foot=yes", "trunk"),
    ("highway=trunk motorroad=yes sidewalk=both", "trunk"),
    ("highway=trunk motorroad=yes sidewalk:left=yes", "trunk"),
    ("highway=primary motorroad=no", "primary"),
    ("highway=primary sidewalk=no", "primary"),
    ("highway=primary sidewalk=separate", "primary"),
    ("highway=service access=private foot=yes", "service"),
    ("highway=service access=no foot=designated", "service"),
    ("highway=track access=forestry foot=permissive", "track"),
    ("highway=service access=destination", "service"),
    ("highway=service access=customers", "service"),
    ("highway=service access=permissive", "service"),
    ("highway=residential motor_vehicle=no", "residential"),
    ("highway=residential vehicle=private", "residential"),
    ("highway=path foot=discouraged", "path"),
    ("highway=residential construction=minor", "residential"),
    ("highway=residential disused=no", "residential"),
]

REFUSED = [
    ("highway=motorway", "highway=motorway without foot=yes"),
    ("highway=motorway_link", "highway=motorway_link without foot=yes"),
    ("highway=motorway sidewalk=both", "highway=motorway without foot=yes"),
    ("highway=cycleway", "highway=cycleway without foot=yes"),
    ("highway=busway", "highway=busway without foot=yes"),
    ("highway=bus_guideway", "highway=bus_guideway without foot=yes"),
    ("highway=raceway", "highway=raceway without foot=yes"),
    ("highway=trunk motorroad=yes", "motorroad"),
    ("highway=primary motorroad=yes sidewalk=no", "motorroad"),
    ("highway=trunk foot=no", "foot=no"),
    ("highway=trunk foot=no sidewalk=both", "foot=no"),
    ("highway=residential foot=no", "foot=no"),
    ("highway=footway foot=private", "foot=private"),
    ("highway=primary foot=use_sidepath", "foot=use_sidepath"),
    ("highway=service access=private", "access=private"),
    ("highway=service access=private foot=private", "foot=private"),
    ("highway=service access=no", "access=no"),
    ("highway=track access=agricultural", "access=agricultural"),
    ("highway=track access=forestry", "access=forestry"),
    ("highway=service access=military", "access=military"),
    ("highway=service access=delivery", "access=delivery"),
    ("highway=service service=private", "service=private"),
    ("highway=construction construction=footway", "construction"),
    ("highway=proposed proposed=residential", "proposed"),
    ("highway=planned", "planned"),
    ("highway=abandoned", "abandoned"),
    ("highway=razed", "razed"),
    ("highway=disused", "disused"),
    ("highway=footway abandoned=yes", "abandoned"),
    ("highway=steps disused=yes foot=yes", "disused"),
    ("route=ferry foot=yes", "ferry"),
    ("route=ferry highway=service", "ferry"),
    ("highway=via_ferrata", "highway=via_ferrata"),
    ("highway=no", "highway=no"),
    ("highway=rest_area", "highway=rest_area"),
    ("highway=services", "highway=services"),
    ("highway=bus_stop public_transport=platform", "highway=bus_stop"),
    ("highway=traffic_island", "highway=traffic_island"),
    ("railway=rail", foot_rules.NOT_A_STREET),
    ("barrier=fence", foot_rules.NOT_A_STREET),
    ("place=square", foot_rules.NOT_A_STREET),
    ("route=hiking", foot_rules.NOT_A_STREET),
    ("disused:highway=footway", foot_rules.NOT_A_STREET),
    ("", foot_rules.NOT_A_STREET),
]

PASSED = [
    "barrier=gate", "barrier=bollard", "barrier=lift_gate", "barrier=kissing_gate", "barrier=cycle_barrier",
    "barrier=turnstile", "barrier=kerb", "barrier=gate foot=yes access=private", "barrier=gate locked=yes foot=yes",
    "barrier=gate locked=no", "barrier=gate access=permissive", "barrier=gate motor_vehicle=no",
    "barrier=fence access=yes", "barrier=wall foot=yes", "highway=elevator", "highway=crossing", "highway=stop", "",
    "highway=crossing access=no",
]  # fmt: skip

BLOCKED = [
    ("barrier=gate foot=no", "gate, foot=no"),
    ("barrier=gate foot=private", "gate, foot=private"),
    ("barrier=gate access=no", "gate, access=no"),
    ("barrier=gate access=private", "gate, access=private"),
    ("barrier=gate locked=yes", "gate, locked"),
    ("barrier=gate locked=yes access=yes", "gate, locked"),
    ("barrier=bollard foot=no", "bollard, foot=no"),
    ("barrier=lift_gate access=private", "lift_gate, access=private"),
    ("barrier=wall", "wall"),
    ("barrier=fence", "fence"),
    ("barrier=hedge", "hedge"),
    ("highway=elevator access=private", "elevator, access=private"),
    ("highway=elevator foot=no", "elevator, foot=no"),
]

AREAS = [
    ("highway=pedestrian area=yes", True),
    ("highway=footway area=yes", True),
    ("highway=pedestrian", False),
    ("highway=pedestrian area=no", False),
    ("highway=platform", True),
    ("railway=platform area=yes", True),
    ("public_transport=platform area=no", False),
    ("highway=steps area=yes", False),
    ("highway=elevator area=yes", False),
    ("highway=residential junction=roundabout", False),
    ("highway=pedestrian place=square", False),
]


class Told(dict[str, str]):
    """Tags that refuse to be asked for what the rules do not say they look at: an extract would not have read it."""

    def get(self, key: str, default: str, /) -> str:  # type: ignore[override]
        """Look a declared key up."""
        assert key in foot_rules.KEYS
        return super().get(key, default)


def tags_of(text: str) -> Told:
    """Read tags as the tables write them."""
    return Told(pair.split("=", 1) for pair in text.split())


@pytest.mark.parametrize(("text", "kind"), WALKABLE)
def test_these_are_walked(text: str, kind: str) -> None:
    """Each row of tags makes a walkable way of its kind."""
    assert foot_rules.judge(tags_of(text)) == foot_rules.Verdict(kind)


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_these_are_refused_with_their_reason(text: str, reason: str) -> None:
    """Each row of tags keeps people on foot out, and says why."""
    assert foot_rules.judge(tags_of(text)) == foot_rules.Verdict(None, reason)


@pytest.mark.parametrize("text", PASSED)
def test_these_nodes_are_passed(text: str) -> None:
    """People walk through these nodes."""
    assert foot_rules.blocked(tags_of(text)) is None


@pytest.mark.parametrize(("text", "reason"), BLOCKED)
def test_these_nodes_cut_a_way(text: str, reason: str) -> None:
    """Nobody walks through these nodes, and the reason is told."""
    assert foot_rules.blocked(tags_of(text)) == reason


@pytest.mark.parametrize(("text", "surface"), AREAS)
def test_surfaces_are_told_from_outlines(text: str, surface: bool) -> None:  # noqa: FBT001 - a column of the table
    """A closed way is walked across only where its tags make it a surface."""
    tags = tags_of(text)
    kind = foot_rules.judge(tags).kind
    assert kind is not None
    assert foot_rules.is_area(tags, kind) is surface


def test_every_walkable_kind_is_one_the_graph_knows() -> None:
    """The table hands out no kind outside the graph's vocabulary."""
    assert {kind for _, kind in WALKABLE} <= set(KINDS)
