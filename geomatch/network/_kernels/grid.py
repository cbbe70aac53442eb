"""Kernels that find the nearest street piece of every cell of a region, once.

A piece is the straight line between two neighbouring vertices of a polyline, named by the index of its first vertex.
Cells come in square blocks of BLOCK x BLOCK; only blocks with a street in reach are stored.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BLOCK = 32
_BLOCK_CELLS = BLOCK * BLOCK


@njit(cache=True, nogil=True)
def piece_distance2(geom, piece, px, py):  # pragma: no cover - compiled
    """Squared distance from a point to a piece."""
    ax, ay = geom[piece, 0], geom[piece, 1]
    dx, dy = geom[piece + 1, 0] - ax, geom[piece + 1, 1] - ay
    qx, qy = px - ax, py - ay
    length2 = dx * dx + dy * dy
    if length2 > 0.0:
        t = min(max((qx * dx + qy * dy) / length2, 0.0), 1.0)
        qx -= t * dx
        qy -= t * dy
    return qx * qx + qy * qy


@njit(cache=True, nogil=True)
def bucket_pieces(geom, piece_edge, usable, x0, y0, block_m, start, items, fill):  # pragma: no cover - compiled
    """Count (fill false) or list (fill true) the pieces whose box touches each bucket of start (rows, cols)."""
    rows, cols = start.shape
    for piece in range(len(piece_edge) - 1):
        edge = piece_edge[piece]
        if edge != piece_edge[piece + 1] or not usable[edge]:
            continue
        c0 = int((min(geom[piece, 0], geom[piece + 1, 0]) - x0) / block_m)
        c1 = int((max(geom[piece, 0], geom[piece + 1, 0]) - x0) / block_m)
        r0 = int((min(geom[piece, 1], geom[piece + 1, 1]) - y0) / block_m)
        r1 = int((max(geom[piece, 1], geom[piece + 1, 1]) - y0) / block_m)
        for r in range(r0, min(r1, rows - 1) + 1):
            for c in range(c0, min(c1, cols - 1) + 1):
                if fill:
                    items[start[r, c]] = piece
                start[r, c] += 1


@njit(cache=True, nogil=True)
def _narrow(geom, inn, n, cx, cy, slack, far, dist, out):  # pragma: no cover - compiled
    """Keep the pieces that may be nearest to some point within slack / 2 of the centre."""
    best = np.inf
    for i in range(n):
        d = np.sqrt(piece_distance2(geom, inn[i], cx, cy))
        dist[i] = d
        best = min(best, d)
    bound = min(best + slack, far + 0.5 * slack) + 1e-6
    kept = 0
    for i in range(n):
        if dist[i] <= bound:
            out[kept] = inn[i]
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def _gather(geom, start, items, row, col, reach, x0, y0, block_m, out):  # pragma: no cover - compiled
    """List once each the pieces of the buckets within `reach` buckets of a block; a negative count asks for room."""
    rows, cols = start.shape[0], start.shape[1]
    r0, r1 = max(row - reach, 0), min(row + reach, rows - 1)
    c0, c1 = max(col - reach, 0), min(col + reach, cols - 1)
    n = 0
    for r in range(r0, r1 + 1):
        for c in range(c0, c1 + 1):
            first = 0 if r == 0 and c == 0 else (start[r, c - 1] if c else start[r - 1, cols - 1])
            for i in range(first, start[r, c]):
                piece = items[i]
                pc = int((min(geom[piece, 0], geom[piece + 1, 0]) - x0) / block_m)
                pr = int((min(geom[piece, 1], geom[piece + 1, 1]) - y0) / block_m)
                if max(pc, c0) == c and max(pr, r0) == r:  # a piece in many buckets counts in the lowest of them
                    if n < len(out):
                        out[n] = piece
                    n += 1
    return n


@njit(cache=True, nogil=True)
def nearest_pieces(
    geom, start, items, wanted, slot0, x0, y0, cell_m, reach, far, off_scale, vert_off, piece_edge, access_unit,
    out_piece, out_leg,
):  # fmt: skip  # pragma: no cover - compiled
    """Fill, for each wanted block, the nearest piece, the offset's fraction and the access leg of its cells.

    A cell further than `far` has piece -1. Exact: a quadtree drops only pieces that cannot be nearest to a cell below.
    """
    block_m = BLOCK * cell_m
    room = 1 << 14
    cand0 = np.empty(room, np.int32)
    cand = np.empty((4, room), np.int32)
    dist = np.empty(room)
    half_diagonal = np.sqrt(0.5)
    for w in range(len(wanted)):
        row, col = wanted[w, 0], wanted[w, 1]
        n0 = _gather(geom, start, items, row, col, reach, x0, y0, block_m, cand0)
        if n0 > room:
            room = 2 * n0
            cand0, cand, dist = np.empty(room, np.int32), np.empty((4, room), np.int32), np.empty(room)
            n0 = _gather(geom, start, items, row, col, reach, x0, y0, block_m, cand0)
        bx, by = x0 + col * block_m, y0 + row * block_m
        base = (slot0 + w) * _BLOCK_CELLS
        slack = 2 * half_diagonal * block_m
        na = _narrow(geom, cand0, n0, bx + block_m / 2, by + block_m / 2, slack, far, dist, cand[0])
        for qa in range(4):
            ax, ay = bx + (qa & 1) * block_m / 2, by + (qa >> 1) * block_m / 2
            sa = block_m / 2
            nb = _narrow(geom, cand[0], na, ax + sa / 2, ay + sa / 2, slack / 2, far, dist, cand[1])
            for qb in range(4):
                gx, gy = ax + (qb & 1) * sa / 2, ay + (qb >> 1) * sa / 2
                sb = sa / 2
                nc = _narrow(geom, cand[1], nb, gx + sb / 2, gy + sb / 2, slack / 4, far, dist, cand[2])
                for qc in range(4):
                    hx, hy = gx + (qc & 1) * sb / 2, gy + (qc >> 1) * sb / 2
                    sc = sb / 2
                    nd = _narrow(geom, cand[2], nc, hx + sc / 2, hy + sc / 2, slack / 8, far, dist, cand[3])
                    side = BLOCK // 8
                    r_in = (qa >> 1) * (BLOCK // 2) + (qb >> 1) * (BLOCK // 4) + (qc >> 1) * side
                    c_in = (qa & 1) * (BLOCK // 2) + (qb & 1) * (BLOCK // 4) + (qc & 1) * side
                    for i in range(side * side):
                        r, c = r_in + i // side, c_in + i % side
                        px, py = bx + (c + 0.5) * cell_m, by + (r + 0.5) * cell_m
                        best, piece = far * far, -1
                        for j in range(nd):
                            d2 = piece_distance2(geom, cand[3, j], px, py)
                            if d2 < best or (d2 == best and cand[3, j] < piece):
                                best, piece = d2, cand[3, j]
                        at = base + r * BLOCK + c
                        out_piece[at] = piece
                        if piece >= 0:
                            off = offset_on_piece(geom, vert_off, piece, px, py)
                            out_leg[at, 0] = np.uint16(off * off_scale[piece_edge[piece]] + 0.5)
                            out_leg[at, 1] = np.uint16(np.sqrt(best) / access_unit + 0.5)


@njit(cache=True, nogil=True)
def offset_on_piece(geom, vert_off, piece, px, py):  # pragma: no cover - compiled
    """Metres along the edge to the point of a piece nearest to (px, py)."""
    ax, ay = geom[piece, 0], geom[piece, 1]
    dx, dy = geom[piece + 1, 0] - ax, geom[piece + 1, 1] - ay
    length2 = dx * dx + dy * dy
    if length2 == 0.0:
        return vert_off[piece]
    t = min(max(((px - ax) * dx + (py - ay) * dy) / length2, 0.0), 1.0)
    return vert_off[piece] + t * np.sqrt(length2)


@njit(cache=True, nogil=True)
def edge_runs(cell_piece, cell_leg, piece_edge, start, at_line, first_cell, length, far, fill):
    """Count (fill false) or list the horizontal runs of cells of each edge, and each edge's longest access leg.

    A run lies in one line of one block: at_line is block * BLOCK + line. With fill, start is moved forward.
    """
    for line in range(len(cell_piece) // BLOCK):
        base = line * BLOCK
        c = 0
        while c < BLOCK:
            piece = cell_piece[base + c]
            first = c
            c += 1
            if piece < 0:
                continue
            edge = piece_edge[piece]
            longest = cell_leg[base + first, 1]
            while c < BLOCK and cell_piece[base + c] >= 0 and piece_edge[cell_piece[base + c]] == edge:
                longest = max(longest, cell_leg[base + c, 1])
                c += 1
            if fill:
                at = start[edge]
                at_line[at] = line
                first_cell[at] = first
                length[at] = c - first
                far[edge] = max(far[edge], longest)
            start[edge] += 1
