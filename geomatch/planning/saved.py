"""A what-if that somebody saved: its name, its question, and its figures as they were then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from geomatch.planning.coverage import CoverageRow


@dataclass(frozen=True, slots=True)
class Build:
    """Which build of a region figures come from.

    Attributes:
        id: names the build; two builds of the same sources differ in it.
        built_at: ISO 8601 with offset.
    """

    id: str
    built_at: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The headline of a what-if on one build.

    Attributes:
        build: which build the figures come from.
        hash: SHA-256 of the question's changes and all its figures, in hex.
        before, after: the whole region without and with the changes.
    """

    build: Build
    hash: str
    before: CoverageRow
    after: CoverageRow


@dataclass(frozen=True)
class Draft:
    """What somebody wants to save.

    Attributes:
        region: id of the region.
        name: one line; unique in the region by `name_key`.
        note: any text.
        question: the changes and the question exactly as they are asked of a what-if, as plain JSON values.
        reckoning: its figures.
    """

    region: str
    name: str
    note: str
    question: Mapping[str, Any]
    reckoning: Reckoning


@dataclass(frozen=True)
class Scenario:
    """A saved what-if.

    Attributes:
        id: 24 hex letters, not to be guessed.
        draft: what was saved last.
        created_at, updated_at: UTC.
        version: 1, then one more with every change.
    """

    id: str
    draft: Draft
    created_at: datetime
    updated_at: datetime
    version: int
