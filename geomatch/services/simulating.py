"""Use case: a region's matching policy, played over days of orders that are made up or were recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from geomatch.errors import NotFoundError
from geomatch.services import candidates, sample_people, volunteers_near
from geomatch.volunteering import may, roster, simulation
from geomatch.volunteering.categories import Category
from geomatch.volunteering.matching import CLOSEST
from geomatch.volunteering.order_sheet import Contact, Need, Order, Sheet
from geomatch.volunteering.orders import OrderState
from geomatch.volunteering.roles import Scope
from geomatch.volunteering.simulation import Days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.services.region import Region
    from geomatch.services.volunteers_near import PlacedRoster
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.matching_settings import MatchingSettings
    from geomatch.volunteering.simulation import Played

SEED = 20261129
LONGEST_M = 4000.0
"""No phase of a policy reaches further here."""
MOST_ORDERS = 20_000
_SAYS_YES = (2.0, 2.5)
"""Beta of how willing people are: 44 % on average, and very different."""
_SKILLED = 0.3
"""Share of the orders for which a particular skill is needed, beside those that need a certificate."""
_HOURS = (9, 10, 14, 15, 16, 18, 19)


@dataclass(frozen=True, slots=True)
class Compared:
    """The same days by two policies.

    Attributes:
        closest: always the closest, which is what is usual.
        own: the region's settings.
    """

    closest: Played
    own: Played

    @property
    def gini_lower(self) -> float:
        """Share by which the work is less unequal."""
        return 1.0 - self.own.gini / self.closest.gini if self.closest.gini else 0.0

    @property
    def walk_longer(self) -> float:
        """Share by which the median walk is longer."""
        return self.own.median_walk_m / self.closest.median_walk_m - 1.0


def compare(days: Days, settings: MatchingSettings, *, seed: int = SEED) -> Compared:
    """Play the same days by always asking the closest, and as a region has set it."""
    closest = simulation.play(days, CLOSEST, settings.policy, seed=seed)
    return Compared(closest, simulation.play(days, settings.weights, settings.policy, seed=seed))


def made_up(region: Region, *, days: int, orders_a_day: int, unit: str | None = None, seed: int = SEED) -> Days:
    """Make days of orders for a bundled region, or one township of it, with its share of volunteers; always the same.

    Raises:
        NotFoundError: the region is none of the bundled ones, or has no such township.
    """
    size = sample_people.SIZES.get(region.spec.id)
    if size is None:
        raise NotFoundError(f"there are no sample people for region {region.spec.id!r}; play recorded days instead")
    if unit is not None and unit not in region.unit_names:
        there_are = ", ".join(region.unit_names)
        raise NotFoundError(f"region {region.spec.id!r} has no township {unit!r}; it has: {there_are}")
    rng = np.random.default_rng([seed, *region.spec.id.encode()])
    people_at = _population(region, unit)
    share = people_at.sum() / region.homes.population.sum()
    part = replace(size, volunteers=round(size.volunteers * share), professionals=round(size.professionals * share))
    teams = sample_people.make_teams(region, size.teams, rng)
    people = sample_people.make_volunteers(region, teams, part, rng, people_at=people_at)
    named = roster.build(replace(each, id=f"v{row:023d}") for row, each in enumerate(people))
    placed = volunteers_near.place(region, named)
    return _days(
        placed, _made_orders(region, people_at, days * orders_a_day, days, rng), np.random.default_rng([seed, 1])
    )


def recorded(work: UnitOfWork, region: Region, *, days: int, now: datetime, seed: int = SEED) -> Days:
    """Take the orders of the last days as they were placed, and the volunteers as they are now."""
    with work:
        everyone = roster.of_columns(work.people.columns(region.spec.id))
        _, found = work.orders.page(Scope(region.spec.id), tuple(OrderState), limit=MOST_ORDERS, offset=0)
    since = now - timedelta(days=days)
    orders = sorted((each for each in found if each.placed_at >= since), key=lambda each: each.placed_at)
    return _days(volunteers_near.place(region, everyone), orders, np.random.default_rng([seed, 1]))


def _population(region: Region, unit: str | None) -> NDArray[np.float64]:
    """Give how many people live at each home, of one township where it is named."""
    homes = region.homes
    population = np.asarray(homes.population, np.float64)
    return population if unit is None else np.where(homes.unit == region.unit_names.index(unit), population, 0.0)


def _made_orders(
    region: Region, people_at: NDArray[np.float64], count: int, days: int, rng: np.random.Generator
) -> list[Order]:
    """Orders at homes, placed by day for some hours later or one of the next days, each for one skill."""
    homes, zone = region.homes, ZoneInfo(region.spec.timezone)
    at = rng.choice(len(homes.lon), count, p=people_at / people_at.sum())
    first = datetime.combine(sample_people.TODAY, time(0), zone)
    placed_s = np.sort(rng.uniform(8.0, 20.0, count) * 3600 + rng.integers(0, days, count) * 86_400.0)
    categories = tuple(Category)
    made = []
    for row, seconds in zip(at.tolist(), placed_s.tolist(), strict=True):
        category = categories[int(rng.integers(len(categories)))]
        known = sample_people.SKILLS[category]
        skill = known[int(rng.integers(len(known)))]
        placed_at = first + timedelta(seconds=seconds)
        day = (placed_at + timedelta(days=int(rng.integers(1, 8)))).date()
        starts_at = datetime.combine(day, time(_HOURS[int(rng.integers(len(_HOURS)))]), zone)
        skills = (skill,) if skill in sample_people.CERTIFIED or rng.random() < _SKILLED else ()
        need = Need(skills, tuple(each for each in skills if each in sample_people.CERTIFIED))
        nobody = Contact("", "", "")
        sheet = Sheet(
            category.value, None, "", float(homes.lon[row]), float(homes.lat[row]), nobody,
            starts_at.astimezone(UTC), (starts_at + timedelta(hours=1)).astimezone(UTC), need,
        )  # fmt: skip
        made.append(
            Order("", region.spec.id, sheet, None, "", None, None, None, OrderState.CHECKED, placed_at.astimezone(UTC))
        )
    return made


def _days(placed: PlacedRoster, orders: Sequence[Order], rng: np.random.Generator) -> Days:
    """Find who may help with each order."""
    origin = orders[0].placed_at if orders else datetime(1970, 1, 1, tzinfo=UTC)
    local = origin.astimezone(ZoneInfo(placed.region.spec.timezone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    first, helpers, walks = [0], [], []
    speed_mps = placed.ways.profile.speed_mps
    for order in orders:
        near = candidates.near(placed, order, LONGEST_M)
        may_help = ~may.standing(placed.roster, near.rows, near.task).any(axis=1)
        helpers.append(near.rows[may_help])
        walks.append(near.walk_s[may_help] * speed_mps)
        first.append(first[-1] + int(may_help.sum()))
    moments = [(order.placed_at, order.sheet.starts_at, order.sheet.ends_at) for order in orders]
    seconds = [[(moment - midnight).total_seconds() for moment in three] for three in moments]
    times = np.array(seconds, np.float64).reshape(-1, 3)
    return Days(
        ids=placed.roster.ids,
        trained=placed.roster.trained,
        willing=rng.beta(*_SAYS_YES, len(placed.roster)),
        placed_s=times[:, 0],
        starts_s=times[:, 1],
        ends_s=times[:, 2],
        first=np.array(first, np.int64),
        helper=np.concatenate([np.empty(0, np.int32), *helpers]).astype(np.int32),
        walk_m=np.concatenate([np.empty(0), *walks]),
        speed_mps=speed_mps,
    )
