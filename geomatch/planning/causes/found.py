"""What is said of a gap: its causes, and the remedies with the people that each wins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geomatch.geo.coordinates import LngLat
    from geomatch.planning.gaps import Gap
    from geomatch.planning.sites import Site


class CauseKind(StrEnum):
    """Why a home has no site within the limit; of several the first that holds, in the order of `judging.judge`."""

    NONE_NEAR = "none_near"
    BARRIER = "barrier"
    DETOUR = "detour"
    CLOSED = "closed"
    STEPS = "steps"
    PACE = "pace"
    HOME_OFF = "home_off_network"
    ISLAND = "island"
    SITE_OFF = "site_off_network"


class RemedyKind(StrEnum):
    """What could be done."""

    SHOP = "shop"
    SITE = "new_site"
    HOURS = "longer_hours"
    BRIDGE = "footbridge"
    GATE = "gate"
    PATH = "path"
    RAMP = "ramp"
    PLACE = "place_site"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands between homes and a site.

    Attributes:
        kind: "water", "railway", "road", "compound", "wall" or "steps".
        name: as the extract has it, "" where it has none.
    """

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why people of a gap have no site within the limit.

    Attributes:
        kind: the reason.
        people: people of the gap whose reason it is; over a gap's causes they sum to the gap's people.
        homes: how many homes they live in.
        site: id of the site that this is about: the nearest one as the crow flies, the one that is closed, the one that
            reaches no street; None where there is none within the limit.
        straight_m: metres as the crow flies from the home with most people to the nearest site that counts; None where
            none does, and where the site is closed.
        walk_m: that home's walk to the nearest site that counts, or to the closed one; None where there is none.
        obstacle: what is between; None where nothing is on record, or the reason is another.
        streets: the streets on both sides of the obstacle where a way through would win most; may be empty.
    """

    kind: CauseKind
    people: int
    homes: int
    site: str | None
    straight_m: float | None
    walk_m: float | None
    obstacle: Obstacle | None = None
    streets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that could be done, and whom it wins.

    Attributes:
        kind: what is done.
        people_won: people of the whole region who would be covered and are not; what the what-if says.
        people_here: those of them who live in the gap.
        site: the site to open or to set right, as it would be then, or to keep open longer; None for a way.
        spots: where: one place for a site, two ends for a way; WGS-84 degrees.
        streets: street names at the spots: of a site those that meet there, of a way one an end, "" where none is near.
        crosses: what a way leads across.
        length_m: straight metres from end to end of a way; None for a site.
    """

    kind: RemedyKind
    people_won: int
    people_here: int
    site: Site | None
    spots: tuple[LngLat, ...]
    streets: tuple[str, ...] = ()
    crosses: tuple[Obstacle, ...] = ()
    length_m: float | None = None


@dataclass(frozen=True, slots=True)
class GapCauses:
    """A gap, why it is there, and what would win its people.

    Attributes:
        gap: the gap.
        causes: most people first.
        remedies: most people won first.
    """

    gap: Gap
    causes: tuple[Cause, ...]
    remedies: tuple[Remedy, ...]
