"""Every fault that a list of candidates can have is told in Chinese."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from geomatch.web.pages import fault_words
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = ROOT / "geomatch" / "files"
READERS = ("tables", "cells", "numbers", "places", "geojson_rows", "text_rows", "workbook_rows", "candidate_table")
PLACE_OF_REASON = {"ValueError": 0, "Fault": 1, "of": 1, "fault": 2}
"""Which argument of a call is the reason: table.fault(row, column, reason), InputError.of(where, reason)."""
ELSEWHERE = {
    "is a device where a file is meant",
    "does not exist",
    "is a folder where a file is meant",
    "cannot be read: 7",
}
"""Of paths on a disk: what comes over HTTP has none."""


def _reasons(module: ast.Module) -> Iterator[str]:
    """Every reason that a module can give, whatever is filled in being 7."""
    named = {
        node.targets[0].id: node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            at = PLACE_OF_REASON.get(called)
            if at is not None and len(node.args) > at:
                yield from _texts(node.args[at], named)
    yield from (
        text for name, value in named.items() if name.isupper() for text in _texts(value, named) if name[0] == "_"
    )
    yield from (text for name in ("spoiled",) if name in named for text in _texts(named[name], named))


def _texts(node: ast.expr, named: dict[str, ast.expr]) -> Iterator[str]:
    """The texts that an expression can be: constants, joined strings, either side of a condition, names of such."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body, named), *_texts(node.orelse, named))
    elif isinstance(node, ast.DictComp):
        yield from _texts(node.value, named)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield from _texts(node.func.value, named)
    elif isinstance(node, ast.Name) and node.id in named:
        yield from _texts(named[node.id], named)


@pytest.mark.parametrize("reader", READERS)
def test_every_reason_of_the_readers_has_its_chinese(reader: str) -> None:
    """The readers' own source is searched for reasons, so that a new one cannot be forgotten."""
    told = set(_reasons(ast.parse((FILES / f"{reader}.py").read_text(encoding="utf-8"))))
    sentences = {text for text in told if text[:1].islower()}
    assert sentences
    unknown = {text for text in sentences - ELSEWHERE if fault_words.in_chinese(_filled(text)) is None}
    assert unknown == set()


def _filled(text: str) -> str:
    """A reason as it is when filled in; what stands for a kind of degrees is one."""
    return text.replace("is a 7 where a 7 belongs", "is a latitude where a longitude belongs")


def test_what_is_filled_in_stays() -> None:
    """Row numbers, column names and kinds of degrees come through; an unknown reason stays as it is."""
    assert fault_words.in_chinese("is the id of row 12 already") == "与第 12 行的编号重复"
    assert (
        fault_words.in_chinese("lacks the columns lon, lat; it has: 名称, x") == "缺少列 经度、纬度；现有的列：名称, x"
    )
    swapped = "is a latitude where a longitude belongs; are the columns swapped?"
    assert fault_words.in_chinese(swapped) == "是纬度，这里应当是经度；两列是不是换了位置？"
    assert fault_words.in_chinese("is green") is None
