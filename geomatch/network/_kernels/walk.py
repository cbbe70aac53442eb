"""Shortest walks on CSR arrays: bounded reach, fields of the nearest places, catchments, one search, one path.

Common letters: N nodes, E edges, A arcs, S places that are walked from, P points that are walked to. A place is an
edge, the real metres along it from its u end, and a straight access leg. `factor` is effective metres per real metre,
inf where barred. Bounded searches queue nodes in buckets; the others use 4-ary heaps with lazy deletion, which push
at most once per relaxed arc and seed, so a few slots more than A do.
"""

import numpy as np
from numba import njit

from geomatch.network._kernels.grown import grown
from geomatch.network._kernels.snap import snap_points

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


BUCKET_M = 32.0


@njit(cache=True, nogil=True, inline="always")
def queue(links, heads, node, there):
    """Put a node in the bucket of its walk, or move it there; gives how many more nodes are queued now, 0 or 1.

    `heads` is the first node of each bucket (-1: none); `links` (N, 3) a node's bucket (-1: none), next, previous.
    """
    bucket = int(there / BUCKET_M) & (len(heads) - 1)
    old = links[node, 0]
    if old == bucket:
        return 0
    if old >= 0:
        after = links[node, 1]
        before = links[node, 2]
        if after >= 0:
            links[after, 2] = before
        if before >= 0:
            links[before, 1] = after
        else:
            heads[old] = after
    first = heads[bucket]
    if first >= 0:
        links[first, 2] = node
    links[node, 0] = bucket
    links[node, 1] = first
    links[node, 2] = -1
    heads[bucket] = node
    return 0 if old >= 0 else 1


@njit(cache=True, nogil=True, inline="always")
def take(links, heads, bucket):
    """Take the first node out of a bucket that has one."""
    node = heads[bucket]
    after = links[node, 1]
    heads[bucket] = after
    if after >= 0:
        links[after, 2] = -1
    links[node, 0] = -1
    return node


@njit(cache=True, nogil=True)
def bounded_reach(arc_start, arc_head, arc_cost, node_1, walk_1, node_2, walk_2, limit_m, walk, touched, links, heads):
    """Walk from one place to every node within the limit.

    `walk` (N,) holds inf at entry; at exit the walk of each of the `touched[:count]` nodes, all <= limit_m and final.
    The caller puts inf back at those nodes. The place is given by the walks to the two ends of its edge.

    Nodes wait in a ring of buckets (Dial 1969, with buckets wider than the shortest arc: a node may be walked from
    again while its own bucket is emptied), 1.5 times as fast as a 4-ary heap here. The ring is longer than the longest
    arc; `links` and `heads` (see `queue`) are all -1 in their first column at entry and at exit.
    """
    waiting = 0
    count = 0
    for side in range(2):
        node = node_1 if side == 0 else node_2
        there = walk_1 if side == 0 else walk_2
        if there <= limit_m and there < walk[node]:
            if walk[node] == INF:
                touched[count] = node
                count += 1
            walk[node] = there
            waiting += queue(links, heads, node, there)
    bucket = int(min(walk_1, walk_2) / BUCKET_M) if waiting > 0 else 0
    while waiting > 0:
        slot = bucket & (len(heads) - 1)
        while heads[slot] >= 0:
            node = take(links, heads, slot)
            waiting -= 1
            key = walk[node]
            for arc in range(arc_start[node], arc_start[node + 1]):
                head = arc_head[arc]
                there = key + arc_cost[arc]
                if there < walk[head] and there <= limit_m:
                    if walk[head] == INF:
                        touched[count] = head
                        count += 1
                    walk[head] = there
                    if arc_start[head + 1] - arc_start[head] > 1:  # a dead end leads nowhere new
                        waiting += queue(links, heads, head, there)
        bucket += 1
    return count


@njit(cache=True, nogil=True)
def empty_buckets(nodes, buckets):
    """Give links and heads with nothing queued."""
    links = np.full((nodes, 3), -1, np.int32)
    heads = np.full(buckets, -1, np.int32)
    return links, heads


@njit(cache=True, nogil=True)
def reach_many(
    arc_start,
    arc_head,
    arc_cost,
    edge_u,
    edge_v,
    edge_length_m,
    factor,
    place_edge,
    place_offset,
    place_access,
    limit_m,
    buckets,
):
    """Reach of each of S places: CSR of the nodes within the limit and their walks, in order of first touch."""
    nodes = len(arc_start) - 1
    walk = np.full(nodes, INF)
    touched = np.empty(nodes, np.int32)
    links, heads = empty_buckets(nodes, buckets)
    start = np.zeros(len(place_edge) + 1, np.int64)
    out_node = np.empty(1024, np.int32)
    out_walk = np.empty(1024)
    filled = 0
    for place in range(len(place_edge)):
        edge = place_edge[place]
        if edge >= 0:
            from_u = place_access[place] + place_offset[place] * factor[edge]
            from_v = place_access[place] + (edge_length_m[edge] - place_offset[place]) * factor[edge]
            count = bounded_reach(
                arc_start, arc_head, arc_cost, edge_u[edge], from_u, edge_v[edge], from_v, limit_m,
                walk, touched, links, heads,
            )  # fmt: skip
            if filled + count > len(out_node):
                out_node = grown(out_node, filled, count)
                out_walk = grown(out_walk, filled, count)
            for i in range(count):
                node = touched[i]
                out_node[filled + i] = node
                out_walk[filled + i] = walk[node]
                walk[node] = INF
            filled += count
        start[place + 1] = filled
    return start, out_node[:filled], out_walk[:filled]


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
    links, heads = empty_buckets(nodes, buckets)
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
                waiting += queue(links, heads, end, there)
    bucket = 0
    while waiting > 0:
        slot = bucket & (len(heads) - 1)
        while heads[slot] >= 0:
            node = take(links, heads, slot)
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
                        waiting += queue(links, heads, head, there)
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
                    keys = grown(keys, len(keys), 1)
                    items = grown(items, len(items), 1)
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
                    keys = grown(keys, len(keys), 1)
                    items = grown(items, len(items), 1)
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
    for point in range(len(point_edge)):
        edge = point_edge[point]
        for i in range(k):
            best[point, i] = -1
            walk[point, i] = INF
        if edge < 0:
            continue
        offset = point_offset[point]
        access = point_access[point]
        u = edge_u[edge]
        v = edge_v[edge]
        to_u = access + offset * factor[edge]
        to_v = access + (edge_length_m[edge] - offset) * factor[edge]
        if k == 1:
            by_u = to_u + field_walk[u, 0]
            by_v = to_v + field_walk[v, 0]
            best[point, 0] = field_place[u, 0] if by_u <= by_v else field_place[v, 0]
            walk[point, 0] = min(by_u, by_v)
        else:
            for i in range(k):
                if field_place[u, i] >= 0:
                    insert_label(best, walk, point, k, field_place[u, i], to_u + field_walk[u, i])
                if field_place[v, i] >= 0:
                    insert_label(best, walk, point, k, field_place[v, i], to_v + field_walk[v, i])
        if has_place[edge]:
            at = first_at_least(sorted_edge, edge)
            while at < len(sorted_edge) and sorted_edge[at] == edge:
                place = by_edge[at]
                direct = access + abs(offset - place_offset[place]) * factor[edge] + place_access[place]
                insert_label(best, walk, point, k, place, direct)
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
def within_many(
    arc_start, arc_head, arc_edge, arc_cost, edge_u, edge_v, edge_length_m, factor,
    place_edge, place_offset, place_access, point_offset, point_access, point_by_edge, edge_point_start,
    limit_m, buckets,
):  # fmt: skip
    """Every pair of place and point with a walk within the limit: CSR by place of points and walks.

    `point_by_edge` orders the points by edge and `edge_point_start` (E + 1,) gives each edge's slice of it.
    """
    nodes = len(arc_start) - 1
    walk = np.full(nodes, INF)
    touched = np.empty(nodes, np.int32)
    links, heads = empty_buckets(nodes, buckets)
    start = np.zeros(len(place_edge) + 1, np.int64)
    out_point = np.empty(1024, np.int32)
    out_walk = np.empty(1024)
    filled = 0
    for place in range(len(place_edge)):
        home = place_edge[place]
        if home < 0:
            start[place + 1] = filled
            continue
        offset = place_offset[place]
        access = place_access[place]
        from_u = access + offset * factor[home]
        from_v = access + (edge_length_m[home] - offset) * factor[home]
        count = bounded_reach(
            arc_start, arc_head, arc_cost, edge_u[home], from_u, edge_v[home], from_v, limit_m,
            walk, touched, links, heads,
        )  # fmt: skip
        for visit in range(-1, count):
            # visit -1 is the place's own edge, walked directly; its turn at a touched node is passed over
            first = 0 if visit < 0 else arc_start[touched[visit]]
            last = 1 if visit < 0 else arc_start[touched[visit] + 1]
            for arc in range(first, last):
                edge = home if visit < 0 else arc_edge[arc]
                u = edge_u[edge]
                if visit >= 0 and (edge == home or (u != touched[visit] and walk[u] < INF)):
                    continue
                if edge_point_start[edge] == edge_point_start[edge + 1]:
                    continue
                at_u = walk[u]
                at_v = walk[edge_v[edge]]
                length = edge_length_m[edge]
                for slot in range(edge_point_start[edge], edge_point_start[edge + 1]):
                    point = point_by_edge[slot]
                    along = point_offset[point]
                    there = min(at_u + along * factor[edge], at_v + (length - along) * factor[edge])
                    if visit < 0:
                        there = min(there, access + abs(along - offset) * factor[edge])
                    there += point_access[point]
                    if there <= limit_m:
                        if filled == len(out_point):
                            out_point = grown(out_point, len(out_point), 1)
                            out_walk = grown(out_walk, len(out_walk), 1)
                        out_point[filled] = point
                        out_walk[filled] = there
                        filled += 1
        for i in range(count):
            walk[touched[i]] = INF
        start[place + 1] = filled
    return start, out_point[:filled], out_walk[:filled]


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
