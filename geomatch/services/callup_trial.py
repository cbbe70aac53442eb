"""Use case: a great call-up is tried out: played over invented answers in a database of its own, which is then gone."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import NotFoundError
from geomatch.services import callup, sample_people
from geomatch.services.callup_play import Player, Temper
from geomatch.store.database import Database

if TYPE_CHECKING:
    from datetime import datetime
    from typing import TypeAlias

    from geomatch.services.callup import Draft
    from geomatch.services.callup_played import Played
    from geomatch.services.region import Region
    from geomatch.volunteering.people import Volunteer
    from geomatch.volunteering.teams import Team

    People: TypeAlias = tuple[tuple[Team, ...], tuple[Volunteer, ...]]

SEED = 20261129


@dataclass(frozen=True)
class Trial:
    """A call that was tried out.

    Attributes:
        volunteers: how many there were.
        invented: whether these were invented too, and not only their answers.
        computing_s: seconds of this processor, the opening included.
        played: what came of it.
    """

    volunteers: int
    invented: bool
    computing_s: float
    played: Played


def try_out(source: Database, region: Region, draft: Draft, *, seed: int = SEED, at: datetime) -> Trial:
    """Play a call with the volunteers of a database, which stays as it is; with invented ones where it has none.

    Raises:
        InputError: the call cannot be opened, as callup.open_call says.
        NotFoundError: there are no volunteers, and none can be invented for this region.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/trial.db")
        try:
            volunteers = fill(database, region, _people_of(source, region), at)
            invented = volunteers == 0
            if invented:
                volunteers = fill(database, region, made_up(region), at)
            computing_s, played = play(database, region, draft, seed=seed, at=at)
            return Trial(volunteers, invented, computing_s, played)
        finally:
            database.close()


def fill(database: Database, region: Region, people: People, at: datetime) -> int:
    """Write teams and volunteers into an empty database; gives how many volunteers."""
    teams, volunteers = people
    with database.writing() as work:
        work.people.put_teams(region.spec.id, teams)
        work.people.add(region.spec.id, volunteers, at)
        work.commit()
    return len(volunteers)


def play(
    database: Database, region: Region, draft: Draft, *, seed: int = SEED, at: datetime
) -> tuple[float, Played]:  # fmt: skip
    """Open a call in a database that is for this alone, and play it to its end; gives the computing, in s, as well."""
    began = process_time()
    call = callup.open_call(database.writing(), region, draft, by="", at=at)
    opening_s = process_time() - began
    played = Player(database, region, call, Temper(), seed).play()
    return opening_s + sum(played.computing_s.values()), played


def made_up(region: Region) -> People:
    """Make the teams and volunteers of a bundled region, always the same; NotFoundError for any other."""
    size = sample_people.SIZES.get(region.spec.id)
    if size is None:
        raise NotFoundError(f"region {region.spec.id!r} has no volunteers, and none can be invented for it")
    rng = np.random.default_rng(SEED)
    teams = sample_people.make_teams(region, size.teams, rng)
    made = sample_people.make_volunteers(region, teams, size, rng)
    return teams, tuple(replace(each, id=f"{n:024x}") for n, each in enumerate(made))


def _people_of(source: Database, region: Region) -> People:
    """Read a region's people, without their names and phones, which a trial has no use for."""
    if not source.exists():
        return (), ()
    with source.reading() as work:
        everybody = [replace(each, name="", phone="") for each in work.people.all(region.spec.id)]
        return tuple(work.people.teams(region.spec.id)), tuple(everybody)
