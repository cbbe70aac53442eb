"""The nearest point of the nearest usable segment, over a grid of straight pieces.

Piece i is the straight line from geometry vertex i to vertex i + 1 of the same polyline.
"""

import numpy as np
from numba import njit

TIE_M2 = 1e-6
"""Squares of legs that differ by less are equal: by so much does rounding tell two ways drawn over each other apart."""


LEAST = 1e-300
"""Stands for the square of a length that is nothing."""

BATCH = 128
"""Points at once: few enough that what is read for them stays in the nearest cache."""


@njit(cache=True, nogil=True)
def fill_grid(geom_xy, is_piece, west, south, cell_m, columns, rows, start, pieces, counting):
    """Count (counting) or list the pieces of each cell by their bounding boxes; start is (cells + 1,)."""
    for i in range(len(is_piece)):
        if not is_piece[i]:
            continue
        low_x = min(geom_xy[i, 0], geom_xy[i + 1, 0])
        high_x = max(geom_xy[i, 0], geom_xy[i + 1, 0])
        low_y = min(geom_xy[i, 1], geom_xy[i + 1, 1])
        high_y = max(geom_xy[i, 1], geom_xy[i + 1, 1])
        from_column = int((low_x - west) / cell_m)
        to_column = min(int((high_x - west) / cell_m), columns - 1)
        from_row = int((low_y - south) / cell_m)
        to_row = min(int((high_y - south) / cell_m), rows - 1)
        for row in range(from_row, to_row + 1):
            for column in range(from_column, to_column + 1):
                cell = row * columns + column
                if counting:
                    start[cell + 1] += 1
                else:
                    pieces[start[cell]] = i
                    start[cell] += 1


@njit(cache=True, nogil=True, inline="always", error_model="numpy")
def to_piece(geom_xy, piece, x, y):
    """Square of the distance from x, y to a straight piece, and how far along it (0 to 1) it is nearest.

    Whoever calls it needs error_model="numpy" as well: a check of the divisor would be a branch in the middle of it.
    """
    start = np.uintp(piece)  # without a sign numba need not ask whether it counts from the end
    end = start + np.uintp(1)
    dx = geom_xy[end, 0] - geom_xy[start, 0]
    dy = geom_xy[end, 1] - geom_xy[start, 1]
    px = x - geom_xy[start, 0]
    py = y - geom_xy[start, 1]
    part = min(max((px * dx + py * dy) * (1.0 / max(dx * dx + dy * dy, LEAST)), 0.0), 1.0)
    ex = px - part * dx
    ey = py - part * dy
    return ex * ex + ey * ey, part


@njit(cache=True, nogil=True, inline="always")
def part_at(at, across, up):
    """Number of the part at a place in a cell (0 to 1 both ways), given what near_at holds of the cell."""
    a = int(across * 8.0) & 7
    b = int(up * 8.0) & 7
    finest = (a & 1) | (a & 2) << 1 | (a & 4) << 2 | (b & 1) << 1 | (b & 2) << 2 | (b & 4) << 3
    return (at >> 2) + (finest >> (6 - 2 * (at & 3)))


@njit(cache=True, nogil=True, error_model="numpy")
def nearest_around(
    geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, near_at, piece_edge, usable, search_m, x, y
):
    """Nearest usable piece by rings of cells around x, y: its number, the square of the distance, how far along it.

    It is -1 where there is none within search_m. Of two pieces equally near (see TIE_M2) the one with the smaller
    number is kept, whatever the order of search.
    """
    east = x - west
    north = y - south
    column = int(np.floor(east / cell_m))
    row = int(np.floor(north / cell_m))
    inset = min(east - column * cell_m, (column + 1) * cell_m - east)
    inset = min(inset, min(north - row * cell_m, (row + 1) * cell_m - north))
    best = search_m * search_m
    best_piece = -1
    best_part = 0.0
    outside = max(max(max(-column, column - columns + 1), max(-row, row - rows + 1)), 0)
    inner = min(max(row, 0), rows - 1) * columns + min(max(column, 0), columns - 1)
    ring = max(outside, -near_at[inner] - outside)  # no street in any ring before
    last_ring = max(max(column, columns - 1 - column), max(row, rows - 1 - row))
    while ring <= last_ring:
        safe = (ring - 1) * cell_m + inset if ring > 0 else 0.0
        if safe > 0.0 and safe * safe > best + TIE_M2:
            break
        for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
            away_y = max(max(r * cell_m - north, north - (r + 1) * cell_m), 0.0)
            if away_y * away_y > best + TIE_M2:
                continue
            step = 1 if (r == row - ring or r == row + ring or ring == 0) else 2 * ring
            if step == 1:
                first = max(column - ring, 0)
                last = min(column + ring, columns - 1)
                if first > last or cell_start[r * columns + first] == cell_start[r * columns + last + 1]:
                    continue  # a whole row without a street
            for c in range(column - ring, column + ring + 1, step):
                away_x = max(max(c * cell_m - east, east - (c + 1) * cell_m), 0.0)
                if not 0 <= c < columns or away_x * away_x + away_y * away_y > best + TIE_M2:
                    continue
                cell = r * columns + c
                for slot in range(cell_start[cell], cell_start[cell + 1]):
                    piece = cell_piece[slot]
                    apart, part = to_piece(geom_xy, piece, x, y)
                    if apart > best + TIE_M2:
                        continue
                    better = apart < best - TIE_M2 or best_piece < 0 or piece < best_piece
                    if better and usable[piece_edge[piece]]:
                        best = apart
                        best_piece = piece
                        best_part = part
        ring += 1
    return best_piece, best, best_part


@njit(cache=True, nogil=True, inline="always")
def place_on(geom_xy, piece_edge, piece_along, piece, apart, part):
    """Edge, metres along it and straight leg of a point whose nearest piece is known; -1, 0 and inf where it is -1."""
    if piece < 0:
        return -1, 0.0, np.inf
    dx = geom_xy[piece + 1, 0] - geom_xy[piece, 0]
    dy = geom_xy[piece + 1, 1] - geom_xy[piece, 1]
    return piece_edge[piece], piece_along[piece] + part * np.sqrt(dx * dx + dy * dy), np.sqrt(apart)


@njit(cache=True, nogil=True, error_model="numpy")
def snap_points(
    geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, near_at, near_start, near_piece,
    piece_edge, piece_along, usable, search_m, xs, ys, order, out_edge, out_offset, out_access,
):  # fmt: skip
    """Snap points, taken in the given order, to the nearest piece of a usable edge, no further than search_m.

    Fills edge (-1 where none is near), offset along the edge and straight access leg (inf where none). Goes step by
    step for many points at once, each step without a branch on what it reads: what one point waits for from memory is
    then read while others are worked on.
    """
    cells_per_m = 1.0 / cell_m
    size = min(BATCH, len(order))
    x, y = np.empty(size), np.empty(size)
    first, last = np.empty(size, np.int32), np.empty(size, np.int32)
    piece, apart, part = np.empty(size, np.int32), np.empty(size), np.empty(size)
    for begin in range(0, len(order), BATCH):
        batch = min(BATCH, len(order) - begin)
        for i in range(batch):
            x[i] = xs[order[begin + i]]
            y[i] = ys[order[begin + i]]
        for i in range(batch):
            across, up = (x[i] - west) * cells_per_m, (y[i] - south) * cells_per_m
            column, row = int(np.floor(across)), int(np.floor(up))
            at = near_at[row * columns + column] if 0 <= column < columns and 0 <= row < rows else -1
            chosen = part_at(at, across - column, up - row) if at >= 0 else 0
            first[i] = near_start[chosen]
            last[i] = near_start[chosen + 1] if at >= 0 else first[i]
        for i in range(batch):
            piece[i] = near_piece[first[i]]
            apart[i], part[i] = to_piece(geom_xy, piece[i], x[i], y[i])
        for i in range(batch):
            best_piece, best, best_part = piece[i], apart[i], part[i]
            for slot in range(first[i] + 1, last[i]):
                other = near_piece[np.uintp(slot)]
                other_apart, other_part = to_piece(geom_xy, other, x[i], y[i])
                better = other_apart < best - TIE_M2  # pieces ascend: of equals the first is kept
                best = other_apart if better else best
                best_piece = other if better else best_piece
                best_part = other_part if better else best_part
            piece[i], apart[i], part[i] = best_piece, best, best_part
        for i in range(batch):
            if first[i] == last[i] or not usable[piece_edge[piece[i]]]:
                piece[i], apart[i], part[i] = nearest_around(
                    geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, near_at, piece_edge, usable,
                    search_m, x[i], y[i],
                )  # fmt: skip
        for i in range(batch):
            at = order[begin + i]
            out_edge[at], out_offset[at], out_access[at] = place_on(
                geom_xy, piece_edge, piece_along, piece[i], apart[i], part[i]
            )


@njit(cache=True, nogil=True)
def by_block(xs, ys, west, south, block_m, columns, rows):
    """Order points by block of the grid, by counting: int32 (P,). Those outside or nowhere go with the grid's edge."""
    block = np.empty(len(xs), np.int32)
    start = np.zeros(columns * rows + 1, np.int32)
    for i in range(len(xs)):
        column = min(max((xs[i] - west) / block_m, 0.0), columns - 1.0)
        row = min(max((ys[i] - south) / block_m, 0.0), rows - 1.0)
        block[i] = int(row) * columns + int(column) if np.isfinite(column) and np.isfinite(row) else 0
        start[block[i] + 1] += 1
    for b in range(columns * rows):
        start[b + 1] += start[b]
    order = np.empty(len(xs), np.int32)
    for i in range(len(xs)):
        order[start[block[i]]] = i
        start[block[i]] += 1
    return order
