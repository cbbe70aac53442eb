"""Which OpenStreetMap ways can be walked, by their tags alone: one table, read from top to bottom.

The first row that speaks decides. Every refusal carries its reason, so that an import can count what it left out.

How this compares with two well-known filters (osmnx 2 "walk", pyrosm 0.25.0 "walking"):
- cycleways: out unless foot is allowed explicitly; both drop them even then;
- bridleways, tracks, service roads, parking aisles: in, as in both;
- access=private and its kin: out unless foot is allowed; pyrosm the same, osmnx also where foot is allowed;
  agricultural, forestry, military and the like are out here and in there;
- platforms and areas: in here, for people do walk over them; both drop them;
- trunk roads: in unless motorroad=yes; both keep them even then. A motorway only where foot is allowed explicitly;
- a road with sidewalk=separate: in here, out in both. It stays because separately drawn sidewalks often end without
  joining the next street, and a person does cross and reach doors from the carriageway's line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Tags(Protocol):
    """Anything that looks tags up by key: a dict, or pyosmium's list of tags."""

    def get(self, key: str, default: str, /) -> str:
        """Give the value of a key, or the default."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say about one way.

    Attributes:
        kind: a name in graph.KINDS, or None where the way cannot be walked.
        reason: why it is refused; empty where it is walkable.
    """

    kind: str | None
    reason: str = ""


NOT_A_STREET = "not a street"

KEYS = frozenset((
    "route", "highway", "abandoned", "razed", "disused", "demolished", "proposed", "railway", "public_transport",
    "foot", "access", "service", "motorroad", "sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right", "footway",
    "path", "cycleway", "area", "barrier", "locked",
))  # fmt: skip
"""The keys that the rules look at; a table of tags needs no others."""

_STREETS = {
    "trunk": "trunk", "trunk_link": "trunk", "primary": "primary", "primary_link": "primary",
    "secondary": "secondary", "secondary_link": "secondary", "tertiary": "tertiary", "tertiary_link": "tertiary",
    "unclassified": "unclassified", "residential": "residential", "living_street": "living_street",
    "service": "service", "pedestrian": "pedestrian",
    "track": "track", "road": "road", "footway": "footway", "path": "path", "bridleway": "bridleway",
    "trail": "path", "corridor": "corridor", "platform": "platform", "elevator": "elevator", "steps": "steps",
}  # fmt: skip
"""Walkable unless something below says otherwise."""

_ONLY_IF_FOOT = {
    "motorway": "trunk", "motorway_link": "trunk", "cycleway": "cycleway", "busway": "service",
    "bus_guideway": "service", "raceway": "service", "escape": "service",
}  # fmt: skip
"""Walkable only where foot is allowed explicitly."""

_LIFECYCLE = frozenset(
    ("construction", "proposed", "planned", "abandoned", "razed", "disused", "demolished", "dismantled", "removed")
)
_GONE_KEYS = ("abandoned", "razed", "disused", "demolished", "proposed")
_CROSSABLE = ("footway", "path", "cycleway")

_FOOT_YES = frozenset(("yes", "designated", "permissive", "public", "official", "destination", "customers", "delivery"))
_FOOT_NO = frozenset(("no", "private", "use_sidepath", "military", "restricted", "emergency"))
_ACCESS_NO = frozenset(
    (
        "no", "private", "military", "restricted", "emergency", "permit", "residents", "agricultural", "forestry",
        "agricultural;forestry", "delivery",
    )
)  # fmt: skip
_SIDEWALK_YES = frozenset(("yes", "both", "left", "right"))
WALLS = frozenset(("wall", "fence", "hedge", "city_wall", "retaining_wall"))


def judge(tags: Tags) -> Verdict:  # noqa: PLR0911 - a table: a row, a return
    """Say what kind of walkable way these tags make, or why none.

    Args:
        tags: the tags of a way, or of a multipolygon relation.
    """
    get = tags.get
    highway = get("highway", "")
    if get("route", "") == "ferry" or highway == "ferry":
        return Verdict(None, "ferry")
    gone = _gone(tags, highway)
    if gone:
        return Verdict(None, gone)
    if not highway:
        if get("railway", "") != "platform" and get("public_transport", "") != "platform":
            return Verdict(None, NOT_A_STREET)
        highway = "platform"
    kind = _STREETS.get(highway) or _ONLY_IF_FOOT.get(highway)
    if kind is None:
        return Verdict(None, f"highway={highway}")
    refusal = _refusal(tags, highway)
    if refusal:
        return Verdict(None, refusal)
    if highway in _CROSSABLE and get(highway, "") == "crossing":
        return Verdict("crossing")
    return Verdict(kind)


def is_area(tags: Tags, kind: str) -> bool:
    """Tell whether a closed way of this kind is a surface to walk across, not only a line around.

    area=yes decides, and area=no; a closed platform is a surface even unsaid. Steps are climbed along their line.
    """
    area = tags.get("area", "")
    if kind in ("steps", "elevator"):
        return False
    return area == "yes" or (kind == "platform" and area != "no")


def blocked(tags: Tags) -> str | None:  # noqa: PLR0911 - a table: a row, a return
    """Say why nobody walks through a node with these tags: a locked gate, a wall; None where people do."""
    get = tags.get
    barrier = get("barrier", "") or ("elevator" if get("highway", "") == "elevator" else "")
    if not barrier:
        return None
    foot, access = get("foot", ""), get("access", "")
    if foot in _FOOT_YES:
        return None
    if foot in _FOOT_NO:
        return f"{barrier}, foot={foot}"
    if get("locked", "") == "yes":
        return f"{barrier}, locked"
    if access in _ACCESS_NO:
        return f"{barrier}, access={access}"
    if barrier in WALLS and not access:
        return barrier
    return None


def _gone(tags: Tags, highway: str) -> str | None:
    """Name the stage of life in which a way is not, or not yet, there."""
    if highway in _LIFECYCLE:
        return highway
    for key in _GONE_KEYS:
        if tags.get(key, "") == "yes":
            return key
    return None


def _refusal(tags: Tags, highway: str) -> str | None:  # noqa: PLR0911 - a table: a row, a return
    """Name the restriction that keeps people on foot out of a way that exists."""
    get = tags.get
    foot = get("foot", "")
    if foot in _FOOT_NO:
        return f"foot={foot}"
    if foot in _FOOT_YES:
        return None
    if highway in _ONLY_IF_FOOT:
        return f"highway={highway} without foot=yes"
    access = get("access", "")
    if access in _ACCESS_NO:
        return f"access={access}"
    if get("service", "") == "private":
        return "service=private"
    if get("motorroad", "") == "yes" and not _has_sidewalk(tags):
        return "motorroad"
    return None


def _has_sidewalk(tags: Tags) -> bool:
    if tags.get("sidewalk", "") in _SIDEWALK_YES:
        return True
    return any(tags.get(f"sidewalk:{side}", "") == "yes" for side in ("both", "left", "right"))
