"""What a choice was made of, kept so that it can be made again: the candidates, how many, how far, and the weights."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geomatch.errors import StoreError
from geomatch.volunteering import matching
from geomatch.volunteering.acceptance import Prior
from geomatch.volunteering.matching import Bar, Candidates, Weights

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from geomatch.volunteering.matching import Choice

_FORMAT = 1
_LEVEL = 4
_BITS = 1 << np.arange(len(Bar))


@dataclass(frozen=True)
class Record:
    """Everything that `matching.choose` was given.

    Attributes:
        among: the candidates.
        k: how many were to be asked.
        limit_s: the longest walk.
        weights: what counted how much.
        prior: the region's rate of acceptance.
    """

    among: Candidates
    k: int
    limit_s: float
    weights: Weights
    prior: Prior

    def choice(self, given: Collection[str] | None = None) -> Choice:
        """Choose, now or again: the same record gives the same choice; `given` are those whom a batch chose."""
        return matching.choose(
            self.among, self.k, limit_s=self.limit_s, weights=self.weights, prior=self.prior, given=given
        )

    def ranked(self) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Give the rows of all who may, best first, and their scores in seconds."""
        return matching.ranked(self.among, limit_s=self.limit_s, weights=self.weights, prior=self.prior)


def packed(record: Record) -> bytes:
    """Write a record as compressed JSON, column by column; floats to their last digit."""
    among = record.among
    told = {
        "format": _FORMAT,
        "k": record.k,
        "limit_s": record.limit_s,
        "weights": asdict(record.weights),
        "prior": asdict(record.prior),
        "most_minors": among.most_minors,
        "volunteer": among.volunteer,
        "barred": (among.barred @ _BITS).tolist(),
        "walk_s": _without_inf(among.walk_s),
        "rested_s": _without_inf(among.rested_s),
        **{name: getattr(among, name).tolist() for name in (*_COUNTS, "minor")},
    }
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode(), _LEVEL)


def unpacked(given: bytes) -> Record:
    """Read a record.

    Raises:
        StoreError: it is none, or of another format.
    """
    try:
        told: dict[str, Any] = json.loads(zlib.decompress(given))
        if told["format"] != _FORMAT:
            raise StoreError(f"the record of a choice has format {told['format']}; this geomatch reads {_FORMAT}")
        bits = np.array(told["barred"], np.int64)
        among = Candidates(
            volunteer=tuple(told["volunteer"]),
            walk_s=_with_inf(told["walk_s"]),
            barred=(bits[:, None] & _BITS) > 0,
            rested_s=_with_inf(told["rested_s"]),
            minor=np.array(told["minor"], bool),
            most_minors=told["most_minors"],
            **{name: np.array(told[name], np.int64) for name in _COUNTS},
        )
        return Record(among, told["k"], told["limit_s"], Weights(**told["weights"]), Prior(**told["prior"]))
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"the record of a choice cannot be read: {error}") from error


_COUNTS = ("load", "trained", "offers", "accepted")


def _without_inf(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    return [value if value < np.inf else None for value in values.tolist()]


def _with_inf(values: list[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([np.inf if value is None else value for value in values], np.float64)
