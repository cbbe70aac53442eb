"""The kernel that draws circles: reach, mask, rings, thinning and checks for many places, one after another."""

from __future__ import annotations

import numpy as np
from numba import njit

from geomatch.network._kernels.bounded import bounded_reach
from geomatch.network._kernels.contour import fill_edge, place_xy, ring_area, trace
from geomatch.network._kernels.simplify import balance_ring, own_holes, rings_apart, thin_ring, to_digits

TRIES = 4
"""Thinning is tried with the tolerance, its half, its quarter, and not at all."""


@njit(cache=True, nogil=True)
def draw_circles(
    streets, cells, unproject, place_edge, place_offset, place_access, first_place,
    limit_m, reach_m, corner_m, tolerance_m, least_area_m2, scratch, done,
    out_digits, out_ring_end, out_ring_outer, out_circle_end, street_m, area_m2, failed,
):  # fmt: skip
    """Draw the circles of places from first_place on.

    Writes closed rings as 1e-7 degrees, each outer ring before its holes. `done` holds (points, rings) written so far.
    Gives the first place not drawn for want of room (out_* or scratch), or how many places there are.
    """
    arc_start, arc_head, arc_edge, arc_cost, factor, geom_start = streets
    (x0, y0, cell_m, access_unit, block_slot, cell_piece, cell_leg, block_at, run_start, run_line, run_first, run_len,
     pieces, edges) = cells  # fmt: skip
    (walk, touched, links, inside, passed, wide, radius, raw, bound, raw_end, thin, thin_end, keep, stack, shift,
     digits, after, big, owner) = scratch  # fmt: skip
    centre, half_m, lon_terms, lat_terms = unproject
    rows = 2 * radius + 1
    for place in range(first_place, len(place_edge)):
        home = np.int64(place_edge[place])
        out_circle_end[place] = done[1]
        street_m[place] = 0.0
        area_m2[place] = 0.0
        if home < 0:
            continue
        offset, access = place_offset[place], place_access[place]
        from_u = access + offset * factor[home]
        from_v = access + (edges[home, 0] - offset) * factor[home]
        px, py = place_xy(pieces, geom_start, home, offset)
        count = bounded_reach(
            arc_start, arc_head, arc_cost, np.int32(edges[home, 1]), from_u, np.int32(edges[home, 2]), from_v, limit_m,
            walk, touched, links,
        )  # fmt: skip
        r0 = int(np.floor((py - y0) / cell_m)) - radius
        b0 = (int(np.floor((px - x0) / cell_m)) - radius) >> 5
        for visit in range(-1, count):
            # visit -1 is the place's own edge, walked directly; its turn at a touched node is passed over
            node = -1 if visit < 0 else touched[visit]
            first = 0 if visit < 0 else arc_start[node]
            last = 1 if visit < 0 else arc_start[node + 1]
            for arc in range(first, last):
                edge = home if visit < 0 else np.int64(arc_edge[arc])
                length_m, u, v = edges[edge, 0], np.int64(edges[edge, 1]), np.int64(edges[edge, 2])
                if visit >= 0 and (edge == home or (u != node and walk[u] < np.inf)):
                    continue
                weight = factor[edge]
                if weight == np.inf:
                    continue
                direct = access if visit < 0 else np.inf
                street_m[place] += walked_m(walk[u], walk[v], length_m, weight, direct, offset, limit_m)
                fill_edge(
                    edge, walk[u], walk[v], length_m * weight, direct, offset * weight, limit_m, reach_m, block_at,
                    cell_leg, access_unit, run_start, run_line, run_first, run_len, edges[edge, 3], r0, b0, rows, wide,
                    inside,
                )  # fmt: skip
        points, rings, full = 0, 0, False
        for word in range(rows * wide):
            if inside[word] == 0:
                continue
            here = np.int64(inside[word])
            ends = here & ~((here >> 1) | ((np.int64(inside[word + 1]) & 1) << 31))
            while ends & ~np.int64(passed[word]) != 0 and not full:
                ends &= ~np.int64(passed[word])
                bit = 0
                while (ends >> bit) & 1 == 0:
                    bit += 1
                n = trace(
                    r0 + word // wide, ((b0 + word % wide) << 5) + bit, r0, b0, wide, inside, passed, x0, y0, cell_m,
                    access_unit, block_slot, cell_piece, cell_leg, pieces, edges, factor, walk, home, offset, access,
                    limit_m, reach_m, corner_m, raw[points:], bound[points:],
                )  # fmt: skip
                full = n < 0 or rings == len(raw_end)
                if not full and abs(ring_area(raw[points : points + n], n)) >= least_area_m2:
                    points += n
                    raw_end[rings] = points
                    rings += 1
        inside[: rows * wide] = 0
        passed[: rows * wide] = 0
        for i in range(count):
            walk[touched[i]] = np.inf
        if full or done[0] + points + rings > len(out_digits) or done[1] + rings > len(out_ring_end):
            return place
        failed[place] = rings > 0
        for attempt in range(TRIES):
            tolerance = tolerance_m / (1 << attempt) if attempt < TRIES - 1 else 0.0
            size = _thin_all(
                raw, bound, raw_end, rings, tolerance, 0.5 * least_area_m2, keep, stack, shift, thin, thin_end
            )
            if size == 0:
                failed[place] = False
                break
            to_digits(thin, thin_end[size - 1], centre, half_m, lon_terms, lat_terms, digits)
            if rings_apart(digits, thin_end, size, after, big) and own_holes(digits, thin_end, size, big, owner):
                for r in range(size):
                    start = thin_end[r - 1] if r > 0 else 0
                    area_m2[place] += ring_area(thin[start : thin_end[r]], thin_end[r] - start)
                failed[place] = False
                _emit(digits, thin_end, size, owner, out_digits, out_ring_end, out_ring_outer, done)
                break
        out_circle_end[place] = done[1]
    return len(place_edge)


@njit(cache=True, nogil=True)
def _thin_all(raw, bound, raw_end, rings, tolerance_m, least_area_m2, keep, stack, shift, thin, thin_end):
    """Thin every ring, leaving out those that come out too small; gives how many are left."""
    size, points, start = 0, 0, 0
    for r in range(rings):
        n = raw_end[r] - start
        ring, marks, out = raw[start : raw_end[r]], bound[start : raw_end[r]], thin[points:]
        start = raw_end[r]
        kept = thin_ring(ring, marks, n, tolerance_m, keep, stack)
        if kept > 2:
            balance_ring(ring, marks, n, keep, kept, tolerance_m, shift, out)
            if abs(ring_area(out, kept)) >= least_area_m2:
                points += kept
                thin_end[size] = points
                size += 1
    return size


@njit(cache=True, nogil=True)
def _emit(digits, ring_end, rings, owner, out_digits, out_ring_end, out_ring_outer, done):
    """Write each outer ring, closed, and its holes after it."""
    for outer in range(rings):
        if owner[outer] != outer:
            continue
        for step in range(-1, rings):
            r = outer if step < 0 else step
            if step == outer or owner[r] != outer:
                continue
            start = ring_end[r - 1] if r > 0 else 0
            for i in range(start, ring_end[r] + 1):
                from_i = i if i < ring_end[r] else start
                out_digits[done[0], 0] = digits[from_i, 0]
                out_digits[done[0], 1] = digits[from_i, 1]
                done[0] += 1
            out_ring_end[done[1]] = done[0]
            out_ring_outer[done[1]] = step < 0
            done[1] += 1


@njit(cache=True, nogil=True)
def walked_m(at_u, at_v, length_m, factor, direct, offset, limit_m):
    """Real metres of one edge whose points are within the limit; direct is the access leg on the place's own edge."""
    from_u = min(max((limit_m - at_u) / factor, 0.0), length_m)
    from_v = min(max((limit_m - at_v) / factor, 0.0), length_m)
    if direct == np.inf:
        return min(from_u + from_v, length_m)
    span = (limit_m - direct) / factor
    if span < 0.0:
        return 0.0
    low, high = max(offset - span, 0.0), min(offset + span, length_m)
    left = min(low, min(from_u, low) + max(low - (length_m - from_v), 0.0))
    right = min(length_m - high, min(from_v, length_m - high) + max(from_u - high, 0.0))
    return left + (high - low) + right
