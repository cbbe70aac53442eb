"""Shortest walks on CSR arrays: fields of the nearest places, one search, one path; bounded ones are in bounded.py.

Common letters: N nodes, E edges, A arcs, S places that are walked from, P points that are walked to. A place is an
edge, the real metres along it from its u end, and a straight access leg. `factor` is effective metres per real metre,
inf where barred. The field of one place a node queues nodes in buckets; the others use 4-ary heaps with lazy deletion,
which push at most once per relaxed arc and seed, so a few slots more than A do.
"""

import numpy as np
from numba import njit

from geomatch.network._kernels.bounded import BUCKET_M, empty_buckets, queue, take
from geomatch.network._kernels.grown import grown
from geomatch.network._kernels.snap import BATCH, snap_points

INF = np.inf


@njit(cache=True, nogil=True, inline="always")
def push(keys, items, size, key, item):
    """Put an item on a 4-ary heap; give the new size."""
    hole = size
    while hole > 0:
        parent = (hole - 1) >> 2
        if keys[parent] <= key:
            break
        keys[hole] = keys[parent]
        items[hole] = items[parent]
        hole = parent
    keys[hole] = key
    items[hole] = item
    return size + 1


@njit(cache=True, nogil=True, inline="always")
def drop_top(keys, items, size):
    """Take the least item off a 4-ary heap (read it first); give the new size."""
    size -= 1
    key = keys[size]
    item = items[size]
    hole = 0
    while True:
        child = (hole << 2) + 1
        if child >= size:
            break
        least = child
        least_key = keys[child]
        for other in range(child + 1, min(child + 4, size)):
            if keys[other] < least_key:
                least = other
                least_key = keys[other]
        if least_key >= key:
            break
        keys[hole] = least_key
        items[hole] = items[least]
        hole = least
    keys[hole] = key
    items[hole] = item
    return size


@njit(cache=True, nogil=True)
def nearest_one_field(
    arc_start, arc_head, arc_cost, edge_u, edge_v, edge_length_m, factor, place_edge, place_offset, place_access,
    buckets,
):  # fmt: skip
    """The nearest of S places for every node: place int32 (N, 1), walk float64 (N, 1). Buckets as in bounded_reach."""
    nodes = len(arc_start) - 1
    best = np.full((nodes, 1), -1, np.int32)
    walk = np.full((nodes, 1), INF)
    farthest = 0.0
    for place in range(len(place_edge)):
        edge = place_edge[place]
        if edge >= 0:
            farthest = max(farthest, place_access[place] + edge_length_m[edge] * factor[edge])
    while buckets < farthest / BUCKET_M + 2:
        buckets *= 2
    links = empty_buckets(nodes, buckets)
    waiting = 0
    for place in range(len(place_edge)):
        edge = place_edge[place]
        if edge < 0:
            continue
        for side in range(2):
            end = edge_u[edge] if side == 0 else edge_v[edge]
            along = place_offset[place] if side == 0 else edge_length_m[edge] - place_offset[place]
            there = place_access[place] + along * factor[edge]
            if there < walk[end, 0]:
                walk[end, 0] = there
                best[end, 0] = place
                waiting += queue(links, nodes, end, there)
    bucket = 0
    while waiting > 0:
        head_of_bucket = nodes + (bucket & (buckets - 1))
        while links[head_of_bucket, 1] != head_of_bucket:
            node = take(links, head_of_bucket)
            waiting -= 1
            key = walk[node, 0]
            place = best[node, 0]
            for arc in range(arc_start[node], arc_start[node + 1]):
                head = arc_head[arc]
                there = key + arc_cost[arc]
                if there < walk[head, 0]:
                    walk[head, 0] = there
                    best[head, 0] = place
                    if arc_start[head + 1] - arc_start[head] > 1:  # a dead end leads nowhere new
                        waiting += queue(links, nodes, head, there)
        bucket += 1
    return best, walk


@njit(cache=True, nogil=True, inline="always")
def insert_label(best, walk, row, k, place, there):
    """Keep the k nearest distinct places of a row, ascending; tell whether this one got in."""
    if there >= walk[row, k - 1]:
        return False
    at = k - 1
    for i in range(k):
        if best[row, i] == place:
            if walk[row, i] <= there:
                return False
            at = i
            break
    while at > 0 and walk[row, at - 1] > there:
        walk[row, at] = walk[row, at - 1]
        best[row, at] = best[row, at - 1]
        at -= 1
    walk[row, at] = there
    best[row, at] = place
    return True


@njit(cache=True, nogil=True)
def nearest_k_field(
    arc_start, arc_head, arc_cost, edge_u, edge_v, edge_length_m, factor, place_edge, place_offset, place_access, k
):
    """The k nearest distinct places of every node: place int32 (N, k), -1 padded; walk float64 (N, k), inf padded."""
    nodes = len(arc_start) - 1
    best = np.full((nodes, k), -1, np.int32)
    walk = np.full((nodes, k), INF)
    keys = np.empty(1024)
    items = np.empty(1024, np.int64)
    size = 0
    for place in range(len(place_edge)):
        edge = place_edge[place]
        if edge < 0:
            continue
        for side in range(2):
            end = edge_u[edge] if side == 0 else edge_v[edge]
            along = place_offset[place] if side == 0 else edge_length_m[edge] - place_offset[place]
            there = place_access[place] + along * factor[edge]
            if insert_label(best, walk, end, k, place, there):
                if size == len(keys):
                    keys = grown(keys, 2 * len(keys))
                    items = grown(items, 2 * len(items))
                size = push(keys, items, size, there, (np.int64(place) << 32) | end)
    while size > 0:
        key = keys[0]
        item = items[0]
        size = drop_top(keys, items, size)
        node = item & 0xFFFFFFFF
        place = item >> 32
        current = False
        for i in range(k):
            if best[node, i] == place:
                current = walk[node, i] == key
                break
        if not current:
            continue
        for arc in range(arc_start[node], arc_start[node + 1]):
            head = arc_head[arc]
            there = key + arc_cost[arc]
            if insert_label(best, walk, head, k, place, there):
                if size == len(keys):
                    keys = grown(keys, 2 * len(keys))
                    items = grown(items, 2 * len(items))
                size = push(keys, items, size, there, (np.int64(place) << 32) | np.int64(head))
    return best, walk


@njit(cache=True, nogil=True, inline="always")
def first_at_least(values, value):
    """Binary search: the first index of an ascending array that is not less than the value."""
    low = 0
    high = len(values)
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def nearest_of_points(
    field_place, field_walk, edge_u, edge_v, edge_length_m, factor,
    place_offset, place_access, by_edge, sorted_edge, has_place,
    point_edge, point_offset, point_access, k, best, walk,
):  # fmt: skip
    """The k nearest places of P points from a field of k labels: fills best (P, k) and walk (P, k).

    `by_edge` orders the places by edge, `sorted_edge` is their edge in that order and `has_place` (E,) tells which
    edges those are: places on the point's own segment are also reached along it.
    """
    size = min(BATCH, len(point_edge))
    u, v, by_u, by_v = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size), np.empty(size)
    for begin in range(0, len(point_edge), BATCH):
        batch = min(BATCH, len(point_edge) - begin)
        for i in range(batch):
            edge = np.uintp(max(point_edge[begin + i], 0))
            offset, access = point_offset[begin + i], point_access[begin + i]
            u[i], v[i] = edge_u[edge], edge_v[edge]
            by_u[i] = access + offset * factor[edge]
            by_v[i] = access + (edge_length_m[edge] - offset) * factor[edge]
        if k == 1:
            for i in range(batch):
                by_u[i] += field_walk[np.uintp(u[i]), 0]
                by_v[i] += field_walk[np.uintp(v[i]), 0]
            for i in range(batch):
                nearer = u[i] if by_u[i] <= by_v[i] else v[i]
                best[begin + i, 0] = field_place[np.uintp(nearer), 0]
                walk[begin + i, 0] = min(by_u[i], by_v[i])
        else:
            best[begin : begin + batch] = -1
            walk[begin : begin + batch] = INF
            for i in range(batch):
                for label in range(k):
                    if field_place[u[i], label] >= 0:
                        there = by_u[i] + field_walk[u[i], label]
                        insert_label(best, walk, begin + i, k, field_place[u[i], label], there)
                    if field_place[v[i], label] >= 0:
                        there = by_v[i] + field_walk[v[i], label]
                        insert_label(best, walk, begin + i, k, field_place[v[i], label], there)
        for point in range(begin, begin + batch):
            edge = point_edge[point]
            if edge < 0:
                best[point] = -1
                walk[point] = INF
            elif has_place[edge]:
                at = first_at_least(sorted_edge, edge)
                while at < len(sorted_edge) and sorted_edge[at] == edge:
                    place = by_edge[at]
                    along = abs(point_offset[point] - place_offset[place]) * factor[edge]
                    insert_label(best, walk, point, k, place, point_access[point] + along + place_access[place])
                    at += 1


@njit(cache=True, nogil=True)
def nearest_of_one(
    geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, near_at, near_start, near_piece,
    piece_edge, piece_along, usable, search_m, max_access_m,
    field_place, field_walk, edge_u, edge_v, edge_length_m, factor,
    place_offset, place_access, by_edge, sorted_edge, has_place,
    x, y, k, best, walk,
):  # fmt: skip
    """Snap one point and find its k nearest places in one call, since for one point the calling costs the most.

    Fills best (1, k) and walk (1, k); gives the point's edge (-1: not on the network), offset and access leg.
    """
    edge = np.empty(1, np.int32)
    offset = np.empty(1)
    access = np.empty(1)
    snap_points(
        geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, near_at, near_start, near_piece,
        piece_edge, piece_along, usable, search_m, np.full(1, x), np.full(1, y), np.zeros(1, np.int32),
        edge, offset, access,
    )  # fmt: skip
    if access[0] > max_access_m:
        edge[0] = -1
    nearest_of_points(
        field_place, field_walk, edge_u, edge_v, edge_length_m, factor,
        place_offset, place_access, by_edge, sorted_edge, has_place,
        edge, offset, access, k, best, walk,
    )  # fmt: skip
    return edge[0], offset[0], access[0]


@njit(cache=True, nogil=True)
def nearest_allowed(
    arc_start, arc_head, arc_edge, arc_cost, edge_u, edge_v, edge_length_m, factor,
    place_offset, place_access, by_edge, sorted_edge, allowed,
    edge, offset, access, k, best, found,
    walk, touched, keys, items,
):  # fmt: skip
    """Search outward from one point until the k nearest allowed places are certain: fills best (1, k), found (1, k).

    Scratch: walk (N,) holds inf at entry and at exit.
    """
    for i in range(k):
        best[0, i] = -1
        found[0, i] = INF
    at = first_at_least(sorted_edge, edge)
    while at < len(sorted_edge) and sorted_edge[at] == edge:
        place = by_edge[at]
        if allowed[place]:
            direct = access + abs(offset - place_offset[place]) * factor[edge] + place_access[place]
            insert_label(best, found, 0, k, place, direct)
        at += 1
    size = 0
    count = 0
    for side in range(2):
        end = edge_u[edge] if side == 0 else edge_v[edge]
        there = access + (offset if side == 0 else edge_length_m[edge] - offset) * factor[edge]
        if there < walk[end]:
            if walk[end] == INF:
                touched[count] = end
                count += 1
            walk[end] = there
            size = push(keys, items, size, there, end)
    while size > 0:
        key = keys[0]
        node = items[0]
        size = drop_top(keys, items, size)
        if key >= found[0, k - 1]:
            break
        if key > walk[node]:
            continue
        for arc in range(arc_start[node], arc_start[node + 1]):
            beside = arc_edge[arc]
            at = first_at_least(sorted_edge, beside)
            while at < len(sorted_edge) and sorted_edge[at] == beside:
                place = by_edge[at]
                if allowed[place]:
                    along = place_offset[place]
                    if edge_u[beside] != node:
                        along = edge_length_m[beside] - along
                    elif edge_v[beside] == node:
                        along = min(along, edge_length_m[beside] - along)
                    insert_label(best, found, 0, k, place, key + along * factor[beside] + place_access[place])
                at += 1
            head = arc_head[arc]
            there = key + arc_cost[arc]
            if there < walk[head] and there < found[0, k - 1]:
                if walk[head] == INF:
                    touched[count] = head
                    count += 1
                walk[head] = there
                size = push(keys, items, size, there, head)
    for i in range(count):
        walk[touched[i]] = INF


@njit(cache=True, nogil=True)
def tree_to(
    arc_start, arc_head, arc_edge, arc_cost, node_1, walk_1, node_2, walk_2, goal_1, goal_2, goal_walk_1, goal_walk_2
):
    """Walk from a place until the better of two goal nodes (each with a walk left to do) is certain.

    Gives the goal node (-1: unreachable), the whole walk, and for every node the edge it was reached by (-1: seed).
    """
    nodes = len(arc_start) - 1
    walk = np.full(nodes, INF)
    by_edge = np.full(nodes, -1, np.int32)
    keys = np.empty(len(arc_head) + 4)
    items = np.empty(len(arc_head) + 4, np.int32)
    size = 0
    walk[node_1] = walk_1
    size = push(keys, items, size, walk_1, node_1)
    if walk_2 < walk[node_2]:
        walk[node_2] = walk_2
        size = push(keys, items, size, walk_2, node_2)
    best = INF
    goal = -1
    while size > 0 and keys[0] < best:
        key = keys[0]
        node = items[0]
        size = drop_top(keys, items, size)
        if key > walk[node]:
            continue
        if node == goal_1 and key + goal_walk_1 < best:
            best = key + goal_walk_1
            goal = node
        if node == goal_2 and key + goal_walk_2 < best:
            best = key + goal_walk_2
            goal = node
        for arc in range(arc_start[node], arc_start[node + 1]):
            head = arc_head[arc]
            there = key + arc_cost[arc]
            if there < walk[head]:
                walk[head] = there
                by_edge[head] = arc_edge[arc]
                size = push(keys, items, size, there, head)
    return goal, best, by_edge


@njit(cache=True, nogil=True)
def label_parts(arc_start, arc_head, arc_edge, walkable, part):
    """Number the connected parts over walkable edges into part (N,)."""
    part[:] = -1
    stack = np.empty(len(part), np.int32)
    parts = 0
    for first in range(len(part)):
        if part[first] >= 0:
            continue
        part[first] = parts
        stack[0] = first
        size = 1
        while size > 0:
            size -= 1
            node = stack[size]
            for arc in range(arc_start[node], arc_start[node + 1]):
                head = arc_head[arc]
                if walkable[arc_edge[arc]] and part[head] < 0:
                    part[head] = parts
                    stack[size] = head
                    size += 1
        parts += 1
