"""Kernels that turn a reach into rings: a mask of cells, crossings placed by the exact walk, and the rings traced.

A cell is inside where its walk is within the limit and its access leg within reach_m. Inside lies left of a ring's
direction: outer rings run counter-clockwise, holes clockwise. Diagonal neighbours never join.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from geomatch.network._kernels.grid import BLOCK

_SHIFT = 5
_LOW = BLOCK - 1
_FRACTIONS = 65535.0
_NEAR, _FAR = 0.01, 0.99
_ROUNDS, _SWITCH_M, _CLOSE_M = 5, 0.2, 0.05
_NEAR_BOUND_M = 12.0
_CELLS = BLOCK * BLOCK


@njit(cache=True, nogil=True)
def place_xy(pieces, geom_start, edge, offset_m):
    """The point of an edge at an offset."""
    at = geom_start[edge]
    while at < geom_start[edge + 1] - 2 and pieces[at + 1, 2] < offset_m:
        at += 1
    length = pieces[at + 1, 2] - pieces[at, 2]
    t = (offset_m - pieces[at, 2]) / length if length > 0.0 else 0.0
    return pieces[at, 0] + t * (pieces[at + 1, 0] - pieces[at, 0]), pieces[at, 1] + t * (
        pieces[at + 1, 1] - pieces[at, 1]
    )


@njit(cache=True, nogil=True, inline="always")
def fill_edge(
    edge, at_u, at_v, cost, direct_from, direct_offset, limit_m, reach_m,
    block_at, cell_leg, access_unit, run_start, run_line, run_first, run_len, far_m, r0, b0, rows, wide, inside,
):  # fmt: skip
    """Mark the cells of one edge that are inside, a bit each; direct_from is inf but on the site's own edge.

    `inside` has rows of `wide` words of BLOCK bits; its first bit is row r0 and the first column of block b0.
    """
    worst = min(0.5 * (at_u + at_v + cost), min(at_u, at_v) + cost) + far_m
    whole = worst <= limit_m and far_m <= reach_m
    step = cost / _FRACTIONS
    for run in range(run_start[edge], run_start[edge + 1]):
        line, first, length = np.int64(run_line[run]), np.int64(run_first[run]), np.int64(run_len[run])
        block = line >> _SHIFT
        row = (np.int64(block_at[block, 0]) << _SHIFT) + (line & _LOW) - r0
        column = np.int64(block_at[block, 1]) - b0
        bits = np.int64(0)
        if whole:
            bits = ((np.int64(1) << length) - 1) << first
        elif 0 <= row < rows and 0 <= column < wide - 1:  # further out nothing can be inside
            cell = (line << _SHIFT) + first
            for i in range(length):
                along = cell_leg[cell + i, 0] * step
                access = cell_leg[cell + i, 1] * access_unit
                there = min(min(at_u + along, at_v + cost - along), direct_from + abs(along - direct_offset))
                bits |= np.int64((there + access <= limit_m) & (access <= reach_m)) << (first + i)
        if bits != 0:
            inside[row * wide + column] |= np.uint32(bits)


@njit(cache=True, nogil=True, inline="always")
def _nearest_on(geom, piece, px, py):
    """Distance from a point to a piece, and the offset along the edge of the piece's nearest point."""
    ax, ay = geom[piece, 0], geom[piece, 1]
    dx, dy = geom[piece + 1, 0] - ax, geom[piece + 1, 1] - ay
    qx, qy = px - ax, py - ay
    length2 = dx * dx + dy * dy
    t = min(max((qx * dx + qy * dy) / max(length2, 1e-12), 0.0), 1.0)
    qx -= t * dx
    qy -= t * dy
    return np.sqrt(qx * qx + qy * qy), geom[piece, 2] + t * (geom[piece + 1, 2] - geom[piece, 2])


@njit(cache=True, nogil=True, inline="always")
def _excess(there_u, there_v, length_m, factor, direct, direct_offset, offset, access, limit_m, reach_m):
    """How far a point is past the nearer of the two bounds; negative inside."""
    there = min(there_u + offset * factor, there_v + (length_m - offset) * factor)
    there = min(there, direct + abs(offset - direct_offset) * factor)
    return max(there + access - limit_m, access - reach_m)


@njit(cache=True, nogil=True, inline="always")
def _is_inside(inside, row, col, b0, wide):
    return (np.int64(inside[row * wide + (col >> _SHIFT) - b0]) >> (col & _LOW)) & 1 == 1


@njit(cache=True, nogil=True)
def _corner(geom, piece_1, piece_2, reach_m, corner_m, ring, bound, first, second, at):
    """Write at `at` the point at the longest access leg from both pieces, if a chord between vertices passes it by.

    Gives the next free index. The legs of two streets end in arcs; where these meet inwards a chord would cut across.
    """
    px, py, worst = 0.0, 0.0, reach_m + _CLOSE_M
    for part in range(1, 8):
        qx = ring[first, 0] + part / 8.0 * (ring[second, 0] - ring[first, 0])
        qy = ring[first, 1] + part / 8.0 * (ring[second, 1] - ring[first, 1])
        x1, y1 = _away(geom, piece_1, qx, qy)
        x2, y2 = _away(geom, piece_2, qx, qy)
        leg = np.sqrt(min(x1 * x1 + y1 * y1, x2 * x2 + y2 * y2))
        if leg > worst:
            px, py, worst = qx, qy, leg
    if worst == reach_m + _CLOSE_M:
        return at
    startx, starty = px, py
    for _ in range(3):
        x1, y1 = _away(geom, piece_1, px, py)
        x2, y2 = _away(geom, piece_2, px, py)
        d1, d2 = np.sqrt(x1 * x1 + y1 * y1), np.sqrt(x2 * x2 + y2 * y2)
        over_1, over_2 = d1 - reach_m, d2 - reach_m
        x1, y1, x2, y2 = x1 / d1, y1 / d1, x2 / d2, y2 / d2
        xx, xy, yy = x1 * x1 + x2 * x2 + 1e-3, x1 * y1 + x2 * y2, y1 * y1 + y2 * y2 + 1e-3
        rx, ry = x1 * over_1 + x2 * over_2, y1 * over_1 + y2 * over_2
        determinant = xx * yy - xy * xy
        px -= (yy * rx - xy * ry) / determinant
        py -= (xx * ry - xy * rx) / determinant
    if (px - startx) ** 2 + (py - starty) ** 2 > corner_m * corner_m:
        return at
    ring[at, 0], ring[at, 1] = px, py
    bound[at] = True
    return at + 1


@njit(cache=True, nogil=True, inline="always")
def _away(geom, piece, px, py):
    """The vector to a point from the nearest point of a piece."""
    ax, ay = geom[piece, 0], geom[piece, 1]
    dx, dy = geom[piece + 1, 0] - ax, geom[piece + 1, 1] - ay
    qx, qy = px - ax, py - ay
    t = min(max((qx * dx + qy * dy) / max(dx * dx + dy * dy, 1e-12), 0.0), 1.0)
    return qx - t * dx, qy - t * dy


@njit(cache=True, nogil=True)
def trace(
    row, col, r0, b0, wide, inside, passed, x0, y0, cell_m, access_unit, block_slot, cell_piece, cell_leg,
    geom, edges, factor, walk,
    home, home_offset, home_access, limit_m, reach_m, corner_m, ring, bound,
):  # fmt: skip
    """Follow one ring from the cell (row, col), whose eastern neighbour is outside; gives its length, -1 if it is full.

    A ring crosses each step from an inside cell A to an outside neighbour B. Where both have the same nearest street,
    the walk is interpolated. Where the nearest street changes between them the walk may jump: the place of the change
    is found on the two pieces, and the crossing is before, at or after it as the exact walks there say. `bound` marks
    the vertices at or near the longest access leg.
    """
    ar, ac, br, bc = row, col, row, col + 1
    dr, dc = 1, 0
    n, before_n = 0, -1
    first_piece, piece_here = -1, -1
    while True:
        if n + 2 > len(ring):
            return -1
        if dr == 1:
            at = (ar - r0) * wide + (ac >> _SHIFT) - b0
            bit = np.uint32(np.int64(1) << (ac & _LOW))
            if passed[at] & bit:
                if bound[before_n] and bound[0] and piece_here != first_piece:
                    # the corner of the closing side: its first end is vertex 0
                    n = _corner(geom, piece_here, first_piece, reach_m, corner_m, ring, bound, before_n, 0, n)
                return n
            passed[at] |= bit
        cell_a = np.int64(block_slot[ar >> _SHIFT, ac >> _SHIFT]) * _CELLS + ((ar & _LOW) << _SHIFT) + (ac & _LOW)
        cell_b = np.int64(block_slot[br >> _SHIFT, bc >> _SHIFT]) * _CELLS + ((br & _LOW) << _SHIFT) + (bc & _LOW)
        piece_a, piece_b = np.int64(cell_piece[cell_a]), np.int64(cell_piece[cell_b])
        a, b = np.int64(geom[piece_a, 3]), np.int64(geom[piece_b, 3])
        access_a, access_b = cell_leg[cell_a, 1] * access_unit, cell_leg[cell_b, 1] * access_unit
        length_a, length_b, factor_a, factor_b = edges[a, 0], edges[b, 0], factor[a], factor[b]
        au, av = walk[np.int64(edges[a, 1])], walk[np.int64(edges[a, 2])]
        bu, bv = walk[np.int64(edges[b, 1])], walk[np.int64(edges[b, 2])]
        direct_a = home_access if a == home else np.inf
        direct_b = home_access if b == home else np.inf
        offset_a, offset_b = (
            cell_leg[cell_a, 0] * (length_a / _FRACTIONS),
            cell_leg[cell_b, 0] * (length_b / _FRACTIONS),
        )
        at_a = _excess(au, av, length_a, factor_a, direct_a, home_offset, offset_a, access_a, limit_m, reach_m)
        at_b = _excess(bu, bv, length_b, factor_b, direct_b, home_offset, offset_b, access_b, limit_m, reach_m)
        px, py = x0 + (ac + 0.5) * cell_m, y0 + (ar + 0.5) * cell_m
        dx, dy = (bc - ac) * cell_m, (br - ar) * cell_m
        start, end = 0.0, 1.0
        near_bound = max(access_a, access_b) > reach_m - _NEAR_BOUND_M
        piece_before, s = piece_here, 0.0
        if a != b or abs(piece_a - piece_b) > (0 if near_bound else 1):
            low, high = 0.0, 1.0
            to_b, offset_b = _nearest_on(geom, piece_b, px, py)
            to_a, offset_a = _nearest_on(geom, piece_a, px + dx, py + dy)
            at_low, at_high = access_a - to_b, to_a - access_b
            s = 0.0 if at_low >= 0.0 else 1.0
            rounds = 0 if at_low >= 0.0 or at_high <= 0.0 else _ROUNDS
            if rounds == 0:
                to_a, offset_a = _nearest_on(geom, piece_a, px + s * dx, py + s * dy)
                to_b, offset_b = _nearest_on(geom, piece_b, px + s * dx, py + s * dy)
            for _ in range(rounds):
                s = low - at_low * (high - low) / (at_high - at_low)
                to_a, offset_a = _nearest_on(geom, piece_a, px + s * dx, py + s * dy)
                to_b, offset_b = _nearest_on(geom, piece_b, px + s * dx, py + s * dy)
                there = to_a - to_b
                if abs(there) < _SWITCH_M:
                    break
                if there < 0.0:
                    low, at_low = s, there
                    at_high *= 0.5
                else:
                    high, at_high = s, there
                    at_low *= 0.5
            before = _excess(au, av, length_a, factor_a, direct_a, home_offset, offset_a, to_a, limit_m, reach_m)
            after = _excess(bu, bv, length_b, factor_b, direct_b, home_offset, offset_b, to_b, limit_m, reach_m)
            if before > 0.0:
                end, at_b = s, before
            elif after > 0.0:
                start, end = s, s
            else:
                start, at_a = s, after
        if at_b >= np.inf:
            t = start
        elif at_b <= at_a:
            t = end
        else:
            t = start + (end - start) * min(max(-at_a / (at_b - at_a), 0.0), 1.0)
        t = min(max(t, _NEAR), _FAR)
        piece_here = piece_a if t <= s or piece_a == piece_b else piece_b
        ring[n, 0] = px + t * dx
        ring[n, 1] = py + t * dy
        bound[n] = near_bound
        if before_n < 0:
            first_piece = piece_here
        elif near_bound and bound[before_n] and piece_here != piece_before:
            to = _corner(geom, piece_before, piece_here, reach_m, corner_m, ring, bound, before_n, n, n + 1)
            if to > n + 1:
                x, y = ring[n, 0], ring[n, 1]
                ring[n, 0], ring[n, 1] = ring[n + 1, 0], ring[n + 1, 1]
                ring[n + 1, 0], ring[n + 1, 1] = x, y
                bound[n + 1] = True
                n += 1
        before_n = n
        n += 1
        if not _is_inside(inside, ar + dr - r0, ac + dc, b0, wide):
            br, bc = ar + dr, ac + dc
            dr, dc = dc, -dr
        elif _is_inside(inside, br + dr - r0, bc + dc, b0, wide):
            ar, ac = br + dr, bc + dc
            dr, dc = -dc, dr
        else:
            ar += dr
            ac += dc
            br += dr
            bc += dc


@njit(cache=True, nogil=True)
def ring_area(ring, n):
    """Signed area: positive where the ring runs counter-clockwise."""
    twice = 0.0
    ox, oy = ring[0, 0], ring[0, 1]
    for i in range(1, n - 1):
        twice += (ring[i, 0] - ox) * (ring[i + 1, 1] - oy) - (ring[i + 1, 0] - ox) * (ring[i, 1] - oy)
    return 0.5 * twice
