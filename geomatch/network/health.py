"""What an import found and left out, counted, so that nothing is dropped in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class ImportHealth:
    """Counts of one import; every way that was looked at is walkable or refused for a reason.

    Attributes:
        ways: ways and areas looked at: streets, paths, platforms, ferries.
        walkable: those of them that can be walked.
        refused: how many were refused, by reason.
        missing_nodes: nodes that ways name and the extract lacks, or whose position is no place on the globe.
        bad_positions: those of them that are in the file, at 0, 0 or outside the globe.
        ways_cut_short: walkable ways used in part, for some of their nodes are missing.
        ways_lost: walkable ways of which fewer than two neighbouring nodes are there.
        edge_stubs: ends of segments where a way leaves the extract.
        duplicate_ways: ways that repeat another way's nodes in order or reversed; one of them is used.
        duplicate_segments: segments that repeat another segment's nodes; one of them is used.
        zero_length: segments without length; their ends became one node.
        loops: segments that end where they start.
        barriers: barrier nodes that cut a way, by reason.
        squares: areas that are walked across.
        square_lines: lines of sight laid across them.
        squares_unclear: areas whose outline is not closed, not whole or crosses itself, walked only along it.
        segments: segments handed over.
        nodes: ends of segments handed over.
    """

    ways: int
    walkable: int
    refused: Mapping[str, int]
    missing_nodes: int
    bad_positions: int
    ways_cut_short: int
    ways_lost: int
    edge_stubs: int
    duplicate_ways: int
    duplicate_segments: int
    zero_length: int
    loops: int
    barriers: Mapping[str, int]
    squares: int
    square_lines: int
    squares_unclear: int
    segments: int
    nodes: int
