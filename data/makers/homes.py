"""Homes: buildings in the estates, villages and campuses, as many in each township as its people need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from makers import plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from makers.town import Town

PEOPLE_PER_HOME = 275
FLOORS = {"estate": 1.0, "campus": 0.9, "village": 0.32}


@dataclass(frozen=True)
class Homes:
    """Homes in step.

    Attributes:
        xy: metres (n, 2).
        town: index of the township (n,).
        weight: how many households, about (n,).
        name: of the estate, or an empty string.
    """

    xy: NDArray[np.float64]
    town: NDArray[np.int64]
    weight: NDArray[np.int64]
    name: list[str]


def settle(city: Town, people_per_home: float = PEOPLE_PER_HOME) -> Homes:
    """Choose the homes among the places where houses can stand."""
    xy, town, weight, name = [], [], [], []
    for i, township in enumerate(city.towns):
        rng = plane.chance("homes", township.name)
        places, sizes, called = _places(city, i)
        if not len(places):
            raise ValueError(f"{township.name} has nowhere to live")
        wanted = min(len(places), max(12, round(township.population / people_per_home)))
        chosen = np.sort(rng.choice(len(places), wanted, replace=False))
        xy.append(places[chosen])
        town.append(np.full(wanted, i))
        weight.append(np.maximum(1, np.round(60 * sizes[chosen] * rng.lognormal(0.0, 0.45, wanted))))
        name += [called[n] for n in chosen]
    return Homes(np.vstack(xy), np.concatenate(town), np.concatenate(weight).astype(np.int64), name)


def _places(city: Town, town: int) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    places, sizes, names = [np.empty((0, 2))], [np.empty(0)], []
    for plot, inside in zip(city.plots, city.insides, strict=True):
        if plot.town == town and len(inside.houses):
            places.append(inside.houses)
            sizes.append(np.full(len(inside.houses), FLOORS.get(plot.use, 1.0)))
            names += [inside.name] * len(inside.houses)
    return np.vstack(places), np.concatenate(sizes), names
