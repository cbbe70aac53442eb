"""Kernels that read blocks of OpenStreetMap's binary form, unpacked, as osmium writes them; no others are ever given.

A block is a PrimitiveBlock of osmformat.proto with dense nodes, without metadata, with the positions of their nodes on
ways. Things are nodes, ways and relations alike; a thing's parts are itself, its nodes or its members.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NODE, WAY, RELATION = 0, 1, 2
_STRINGS, _GROUP, _DENSE, _WAY, _RELATION = 1, 2, 2, 3, 4
_ID, _KEYS, _VALUES, _REFS, _LAT, _LON, _MEMBERS, _TYPES = 1, 2, 3, 8, 9, 10, 9, 10
_DENSE_ID, _DENSE_LAT, _DENSE_LON, _DENSE_TAGS = 1, 8, 9, 10
_BYTES, _MORE, _LOW = 2, 0x80, 0x7F


@njit(cache=True, nogil=True, inline="always")
def _varint(data, at):
    """A whole number of seven bits a byte, and where the next thing starts."""
    value, shift = np.int64(0), 0
    while data[at] & _MORE:
        value |= np.int64(data[at] & _LOW) << shift
        shift += 7
        at += 1
    return value | np.int64(data[at]) << shift, at + 1


@njit(cache=True, nogil=True, inline="always")
def _step(data, at):
    """A signed whole number in zigzag form, and where the next thing starts."""
    value, at = _varint(data, at)
    return ((value >> 1) & 0x7FFFFFFFFFFFFFFF) ^ -(value & 1), at


@njit(cache=True, nogil=True)
def _field(data, at):
    """A field's number, its body's start (of a plain number: the number itself) and where the next field starts."""
    key, at = _varint(data, at)
    value, at = _varint(data, at)
    if key & 7 == _BYTES:
        return key >> 3, at, at + value
    return key >> 3, value, at


@njit(cache=True, nogil=True)
def _count(data, at, end):
    """How many whole numbers a packed field holds."""
    found = 0
    for i in range(at, end):
        found += data[i] < _MORE
    return found


@njit(cache=True, nogil=True)
def block_sizes(data, sizes):
    """Count into sizes: texts, things, tags (at most) and parts of a block."""
    at = 0
    while at < len(data):
        field, start, at = _field(data, at)
        inner = start
        while field in (_STRINGS, _GROUP) and inner < at:
            kind, thing, inner = _field(data, inner)
            if field == _STRINGS:
                sizes[0] += 1
                continue
            sizes[1] += kind in (_WAY, _RELATION)
            while thing < inner:
                part, body, thing = _field(data, thing)
                if kind == _DENSE and part == _DENSE_ID:
                    nodes = _count(data, body, thing)
                    sizes[1] += nodes
                    sizes[3] += nodes
                elif (kind == _DENSE and part == _DENSE_TAGS) or (kind != _DENSE and part == _KEYS):
                    sizes[2] += _count(data, body, thing)
                elif (kind == _WAY and part == _REFS) or (kind == _RELATION and part == _MEMBERS):
                    sizes[3] += _count(data, body, thing)


@njit(cache=True, nogil=True)
def read_block(data, texts, kind_of, ids, tag_end, part_end, keys, values, refs, xs, ys):
    """Fill the arrays of one block.

    texts (T, 2) says where each text starts and ends; keys and values are texts, by number; tag_end and part_end say
    where those of each thing end; xs and ys are positions in 1e-7 degrees, but the type (xs) of a member.
    """
    at, text, thing = 0, 0, 0
    filled = np.zeros(2, np.int64)
    while at < len(data):
        field, inner, at = _field(data, at)
        while field in (_STRINGS, _GROUP) and inner < at:
            kind, start, inner = _field(data, inner)
            if field == _STRINGS:
                texts[text, 0], texts[text, 1] = start, inner
                text += 1
            elif kind == _DENSE:
                thing = _dense(data, start, inner, thing, filled, kind_of, ids, tag_end, part_end, keys, values, refs,
                               xs, ys)  # fmt: skip
            elif kind in (_WAY, _RELATION):
                _thing(data, start, inner, kind, filled, ids[thing:], keys, values, refs, xs, ys)
                kind_of[thing] = WAY if kind == _WAY else RELATION
                tag_end[thing], part_end[thing] = filled
                thing += 1


@njit(cache=True, nogil=True)
def _thing(data, at, end, kind, filled, ids, keys, values, refs, xs, ys):
    """Read one way or relation; filled counts the tags and parts up to it."""
    tag, part = filled
    while at < end:
        field, start, at = _field(data, at)
        if field == _ID:
            ids[0] = start
        elif field == _KEYS:
            filled[0] = tag + _fill(data, start, at, keys[tag:])
        elif field == _VALUES:
            _fill(data, start, at, values[tag:])
        elif kind == _WAY and field == _REFS:
            filled[1] = part + _add_up(data, start, at, refs[part:])
        elif kind == _WAY and field == _LON:
            _add_up(data, start, at, xs[part:])
        elif kind == _WAY and field == _LAT:
            _add_up(data, start, at, ys[part:])
        elif kind == _RELATION and field == _MEMBERS:
            filled[1] = part + _add_up(data, start, at, refs[part:])
        elif kind == _RELATION and field == _TYPES:
            _fill(data, start, at, xs[part:])


@njit(cache=True, nogil=True)
def _dense(data, at, end, thing, filled, kind_of, ids, tag_end, part_end, keys, values, refs, xs, ys):
    """Read nodes; gives the number of the next thing."""
    tag, part, count = filled[0], filled[1], 0
    tags_at = tags_end = 0
    while at < end:
        field, start, at = _field(data, at)
        if field == _DENSE_ID:
            count = _add_up(data, start, at, refs[part:])
        elif field == _DENSE_LON:
            _add_up(data, start, at, xs[part:])
        elif field == _DENSE_LAT:
            _add_up(data, start, at, ys[part:])
        elif field == _DENSE_TAGS:
            tags_at, tags_end = start, at
    for i in range(count):
        kind_of[thing + i], ids[thing + i] = NODE, refs[part + i]
        while tags_at < tags_end:
            key, tags_at = _varint(data, tags_at)
            if key == 0:  # ends the tags of a node
                break
            keys[tag] = key
            values[tag], tags_at = _varint(data, tags_at)
            tag += 1
        tag_end[thing + i], part_end[thing + i] = tag, part + i + 1
    filled[0], filled[1] = tag, part + count
    return thing + count


@njit(cache=True, nogil=True)
def _fill(data, at, end, out):
    """Copy packed whole numbers; gives how many."""
    count = 0
    while at < end:
        out[count], at = _varint(data, at)
        count += 1
    return count


@njit(cache=True, nogil=True)
def _add_up(data, at, end, out):
    """Sum up packed steps; gives how many."""
    count, total = 0, np.int64(0)
    while at < end:
        step, at = _step(data, at)
        total += step
        out[count] = total
        count += 1
    return count
