"""Kernels that find the nearest street piece of every cell of a region, once.

A piece is the straight line between two neighbouring vertices of a polyline, named by the index of its first vertex.
Cells come in square blocks of BLOCK x BLOCK; only blocks with a street in reach are stored.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BLOCK = 32
_BLOCK_CELLS = BLOCK * BLOCK
_LEAF = BLOCK // 8
_LEAF_CELLS = _LEAF * _LEAF
_X, _Y, _DX, _DY, _SQUARE, _PIECE = range(6)
"""Rows of a list of lines: one end, the way to the other, the square of its length (1 where it has none), its piece."""


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
def _narrow(lines, n, cx, cy, half, far, square, kept):  # pragma: no cover - compiled
    """Copy the lines that may be nearest to some point within `half` of the centre; gives how many."""
    x, y, dx, dy, length2 = lines[_X], lines[_Y], lines[_DX], lines[_DY], lines[_SQUARE]
    for i in range(n):
        qx, qy = cx - x[i], cy - y[i]
        t = min(max((qx * dx[i] + qy * dy[i]) / length2[i], 0.0), 1.0)
        qx -= t * dx[i]
        qy -= t * dy[i]
        square[i] = qx * qx + qy * qy
    best = np.inf
    for i in range(n):
        best = min(best, square[i])
    bound = min(np.sqrt(best) + 2 * half, far + half) + 1e-6
    count = 0
    for i in range(n):
        if square[i] <= bound * bound:
            for row in range(6):
                kept[row, count] = lines[row, i]
            count += 1
    return count


@njit(cache=True, nogil=True)
def _gather(geom, start, items, row, col, reach, x0, y0, block_m, out):  # pragma: no cover - compiled
    """List once the pieces of the buckets within `reach` buckets of a block; a count beyond `out` asks for room."""
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
def _draw_lines(geom, pieces, n, lines):  # pragma: no cover - compiled
    """Write the pieces as lines."""
    for i in range(n):
        piece = pieces[i]
        dx, dy = geom[piece + 1, 0] - geom[piece, 0], geom[piece + 1, 1] - geom[piece, 1]
        length2 = dx * dx + dy * dy
        there = length2 > 0.0
        lines[_X, i], lines[_Y, i] = geom[piece, 0], geom[piece, 1]
        lines[_DX, i], lines[_DY, i] = dx if there else 0.0, dy if there else 0.0
        lines[_SQUARE, i], lines[_PIECE, i] = length2 if there else 1.0, piece


@njit(cache=True, nogil=True)
def _nearest_lines(lines, n, xs, ys, far, best, piece, along):  # pragma: no cover - compiled
    """Find for each cell of a leaf the squared distance, the piece (the lower of equals, or -1) and how far along."""
    for i in range(_LEAF_CELLS):
        best[i], piece[i], along[i] = far * far, -1.0, 0.0
    for j in range(n):
        x, y, dx, dy = lines[_X, j], lines[_Y, j], lines[_DX, j], lines[_DY, j]
        length2, this = lines[_SQUARE, j], lines[_PIECE, j]
        for i in range(_LEAF_CELLS):  # no branch within: the compiler takes several cells at once
            qx, qy = xs[i] - x, ys[i] - y
            t = min(max((qx * dx + qy * dy) / length2, 0.0), 1.0)
            qx -= t * dx
            qy -= t * dy
            d2 = qx * qx + qy * qy
            better = (d2 < best[i]) | ((d2 == best[i]) & (this < piece[i]))
            best[i] = d2 if better else best[i]
            piece[i] = this if better else piece[i]
            along[i] = t if better else along[i]


@njit(cache=True, nogil=True)
def nearest_pieces(
    geom, start, items, wanted, slots, x0, y0, cell_m, reach, far, off_scale, vert_off, piece_edge, access_unit,
    out_piece, out_leg,
):  # fmt: skip  # pragma: no cover - compiled
    """Fill, for each wanted block, the nearest piece, the offset's fraction and the access leg of its cells.

    The cells of block w are those of slots[w]; a cell further than `far` has piece -1. Exact: a quadtree drops only
    pieces that cannot be nearest to a cell below.
    """
    block_m = BLOCK * cell_m
    room = 1 << 12
    found, square, lines = np.empty(room, np.int32), np.empty(room), np.empty((5, 6, room))
    leaf = np.empty((5, _LEAF_CELLS))
    xs, ys, best, piece_of, along = leaf[0], leaf[1], leaf[2], leaf[3], leaf[4]
    half = np.sqrt(0.5) * block_m
    for w in range(len(wanted)):
        row, col = wanted[w, 0], wanted[w, 1]
        n0 = _gather(geom, start, items, row, col, reach, x0, y0, block_m, found)
        if n0 > room:
            room = 2 * n0
            found, square, lines = np.empty(room, np.int32), np.empty(room), np.empty((5, 6, room))
            n0 = _gather(geom, start, items, row, col, reach, x0, y0, block_m, found)
        _draw_lines(geom, found, n0, lines[0])
        bx, by = x0 + col * block_m, y0 + row * block_m
        na = _narrow(lines[0], n0, bx + block_m / 2, by + block_m / 2, half, far, square, lines[1])
        for qa in range(4):
            ax, ay = bx + (qa & 1) * block_m / 2, by + (qa >> 1) * block_m / 2
            sa = block_m / 2
            nb = _narrow(lines[1], na, ax + sa / 2, ay + sa / 2, half / 2, far, square, lines[2])
            for qb in range(4):
                gx, gy = ax + (qb & 1) * sa / 2, ay + (qb >> 1) * sa / 2
                sb = sa / 2
                nc = _narrow(lines[2], nb, gx + sb / 2, gy + sb / 2, half / 4, far, square, lines[3])
                for qc in range(4):
                    hx, hy = gx + (qc & 1) * sb / 2, gy + (qc >> 1) * sb / 2
                    sc = sb / 2
                    nd = _narrow(lines[3], nc, hx + sc / 2, hy + sc / 2, half / 8, far, square, lines[4])
                    r_in = (qa >> 1) * (BLOCK // 2) + (qb >> 1) * (BLOCK // 4) + (qc >> 1) * _LEAF
                    c_in = (qa & 1) * (BLOCK // 2) + (qb & 1) * (BLOCK // 4) + (qc & 1) * _LEAF
                    for i in range(_LEAF_CELLS):
                        xs[i] = bx + (c_in + i % _LEAF + 0.5) * cell_m
                        ys[i] = by + (r_in + i // _LEAF + 0.5) * cell_m
                    _nearest_lines(lines[4], nd, xs, ys, far, best, piece_of, along)
                    for i in range(_LEAF_CELLS):
                        at = slots[w] * _BLOCK_CELLS + (r_in + i // _LEAF) * BLOCK + c_in + i % _LEAF
                        piece = int(piece_of[i])
                        out_piece[at] = piece
                        out_leg[at, 0] = out_leg[at, 1] = 0
                        if piece >= 0:
                            dx, dy = geom[piece + 1, 0] - geom[piece, 0], geom[piece + 1, 1] - geom[piece, 1]
                            off = vert_off[piece] + along[i] * np.sqrt(dx * dx + dy * dy)
                            out_leg[at, 0] = np.uint16(off * off_scale[piece_edge[piece]] + 0.5)
                            out_leg[at, 1] = np.uint16(np.sqrt(best[i]) / access_unit + 0.5)


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
