"""The nearest point of the nearest usable segment, over a grid of straight pieces.

Piece i is the straight line from geometry vertex i to vertex i + 1 of the same polyline.
"""

import numpy as np
from numba import njit

TIE_M2 = 1e-6
"""Squares of legs that differ by less are equal: by so much does rounding tell two ways drawn over each other apart."""


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


@njit(cache=True, nogil=True, inline="always")
def to_piece(cell_line, slot, x, y):
    """Square of the distance from x, y to the straight piece at a slot, and how far along it (0 to 1) it is nearest."""
    dx = cell_line[slot, 2]
    dy = cell_line[slot, 3]
    px = x - cell_line[slot, 0]
    py = y - cell_line[slot, 1]
    part = min(max((px * dx + py * dy) * cell_line[slot, 4], 0.0), 1.0)
    ex = px - part * dx
    ey = py - part * dy
    return ex * ex + ey * ey, part


@njit(cache=True, nogil=True)
def snap_points(
    cell_line, piece_edge, piece_along, usable, west, south, cell_m, columns, rows, cell_start, cell_piece,
    xs, ys, search_m, out_edge, out_offset, out_access,
):  # fmt: skip
    """Snap points one after another to the nearest piece of a usable edge, no further than search_m.

    Fills edge (-1 where none is near), offset along the edge and straight access leg (inf where none). Of two pieces
    equally near (see TIE_M2) the one with the smaller number is kept, whatever the order of search. Quickest where
    neighbours follow each other.
    """
    hint = -1
    cells_per_m = 1.0 / cell_m
    for point in range(len(xs)):
        x = xs[point] - west
        y = ys[point] - south
        column = int(np.floor(x * cells_per_m))
        row = int(np.floor(y * cells_per_m))
        inset = min(x - column * cell_m, (column + 1) * cell_m - x)
        inset = min(inset, min(y - row * cell_m, (row + 1) * cell_m - y))
        best = search_m * search_m
        best_slot = -1
        best_part = 0.0
        if hint >= 0:
            # the street of the point before is most often near: a bound that spares most cells
            apart, part = to_piece(cell_line, hint, x, y)
            if apart < best:
                best = apart
                best_slot = hint
                best_part = part
        ring = max(max(-column, column - columns + 1), max(-row, row - rows + 1))
        ring = max(ring, 0)
        last_ring = max(max(column, columns - 1 - column), max(row, rows - 1 - row))
        while ring <= last_ring:
            safe = (ring - 1) * cell_m + inset if ring > 0 else 0.0
            if safe > 0.0 and safe * safe > best + TIE_M2:
                break
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                away_y = max(max(r * cell_m - y, y - (r + 1) * cell_m), 0.0)
                if away_y * away_y > best + TIE_M2:
                    continue
                step = 1 if (r == row - ring or r == row + ring or ring == 0) else 2 * ring
                if step == 1:
                    first = max(column - ring, 0)
                    last = min(column + ring, columns - 1)
                    if first > last or cell_start[r * columns + first] == cell_start[r * columns + last + 1]:
                        continue  # a whole row without a street
                c = column - ring
                while c <= column + ring:
                    if 0 <= c < columns:
                        cell = r * columns + c
                        away_x = max(max(c * cell_m - x, x - (c + 1) * cell_m), 0.0)
                        if away_x * away_x + away_y * away_y > best + TIE_M2:
                            c += step
                            continue
                        for slot in range(cell_start[cell], cell_start[cell + 1]):
                            apart, part = to_piece(cell_line, slot, x, y)
                            if apart > best + TIE_M2:
                                continue
                            better = apart < best - TIE_M2 or best_slot < 0 or cell_piece[slot] < cell_piece[best_slot]
                            if better and usable[piece_edge[cell_piece[slot]]]:
                                best = apart
                                best_slot = slot
                                best_part = part
                    c += step
            ring += 1
        if best_slot < 0:
            out_edge[point] = -1
            out_offset[point] = 0.0
            out_access[point] = np.inf
        else:
            piece = cell_piece[best_slot]
            dx = cell_line[best_slot, 2]
            dy = cell_line[best_slot, 3]
            out_edge[point] = piece_edge[piece]
            out_offset[point] = piece_along[piece] + best_part * np.sqrt(dx * dx + dy * dy)
            out_access[point] = np.sqrt(best)
        hint = best_slot


@njit(cache=True, nogil=True)
def sort_by_block(xs, ys, west, south, block_m, columns, rows, order, out_x, out_y):
    """Copy the points by block of the grid, by counting, and note where each came from in order (P,).

    Points outside or nowhere go with the edge of the grid.
    """
    block = np.empty(len(xs), np.int32)
    start = np.zeros(columns * rows + 1, np.int32)
    for i in range(len(xs)):
        column = min(max((xs[i] - west) / block_m, 0.0), columns - 1.0)
        row = min(max((ys[i] - south) / block_m, 0.0), rows - 1.0)
        block[i] = int(row) * columns + int(column) if np.isfinite(column) and np.isfinite(row) else 0
        start[block[i] + 1] += 1
    for b in range(columns * rows):
        start[b + 1] += start[b]
    for i in range(len(xs)):
        at = start[block[i]]
        order[at] = i
        out_x[at] = xs[i]
        out_y[at] = ys[i]
        start[block[i]] += 1


@njit(cache=True, nogil=True)
def put_back(order, edge, offset, access, out_edge, out_offset, out_access):
    """Give what was found for sorted points in the order that the points had."""
    for at in range(len(order)):
        point = order[at]
        out_edge[point] = edge[at]
        out_offset[point] = offset[at]
        out_access[point] = access[at]
