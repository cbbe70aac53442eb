"""Faults of an office's file in Chinese: the readers of files speak English, whoever dropped the file may not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomatch.web.pages import language

if TYPE_CHECKING:
    from geomatch.errors import Fault

    Json = dict[str, object]

_DEGREES = "请写十进制度数，如 116.30156，或 116°18'05.6\""
_NAMES = {"longitude": "经度", "latitude": "纬度", "id": "编号", "lon": "经度", "lat": "纬度"}
_TABLE = (
    # cells
    (r"is empty", "是空的"),
    (r"is not a number", "不是数字"),
    (r"must be a finite number", "必须是有限的数字"),
    (r"must not be negative", "不能是负数"),
    (r"must be a whole number", "必须是整数"),
    (r"is too large to be a count", "数字太大"),
    (r"must be a day such as 2026-11-25", "必须是日期，如 2026-11-25"),
    (r"is too long for a cell", "内容太长，一个单元格放不下"),
    (r"is longer than (\d+) characters", r"超过 \1 个字"),
    (r"holds control or invisible characters", "含有看不见的控制字符"),
    (r"holds a NUL character", "含有空字符（NUL）"),
    (r"is the id of row (\d+) already", r"与第 \1 行的编号重复"),
    (r"holds a date or time.*", "被 Excel 变成了日期或时间；请把单元格设为文本再填"),
    (r"holds a formula that was saved.*", "是公式，却没有存下结果；请粘贴为数值"),
    (r"holds an Excel error", "是 Excel 的错误值"),
    # degrees
    (r"is too long for a number; .*", f"太长，不像数字；{_DEGREES}"),
    (r"has both a minus and a hemisphere; .*", f"又有负号又有东西南北；{_DEGREES}"),
    (r"is not a number of degrees; .*", f"不是度数；{_DEGREES}"),
    (r"is a (\w+) where a (\w+) belongs; are the columns swapped\?", r"是⟦\1⟧，这里应当是⟦\2⟧；两列是不是换了位置？"),
    (r"has a fraction before its last part", "只有最后一部分可以有小数"),
    (r"has minutes or seconds of 60 or more", "分或秒不能到 60"),
    (r"is outside -(\d+) to \d+ degrees", r"超出 -\1 到 \1 度"),
    (r"looks swapped: .*", "经度和纬度像是写反了"),
    (
        r"has longitude and latitude swapped in every row; exchange the names of the columns (.*) and (.*)",
        r"每一行的经纬度都反了；请把「\1」和「\2」两列的列名对调",
    ),
    # the table
    (r"has a header and no candidates below it", "只有表头，下面没有候选点"),
    (r"has more cells than the header \((\d+)\).*", r"这一行比表头（\1 列）多；是不是单元格里有分隔符？"),
    (r"is a column that the header names more than once; keep one", "这一列在表头里出现了不止一次；请只留一列"),
    (r"has a table on more than one sheet \((.*)\); keep one", r"不止一张工作表里有名单（\1）；请只留一张"),
    (r"has no header row: none of the first (\d+) rows names the columns (.*)", r"没有表头：前 \1 行里找不到列名 ⟦\2⟧"),
    (r"lacks the columns (.*); it has: (.*)", r"缺少列 ⟦\1⟧；现有的列：\2"),
    (r"holds no rows", "一行也没有"),
    # the file
    (r"is an old Excel file \(\.xls\).*", "是旧版 Excel 文件（.xls）；请另存为 .xlsx 或 CSV UTF-8"),
    (r"is not an Excel workbook, whatever its name says.*", "名字像 Excel，其实不是；请重新另存为 .xlsx"),
    (r"is not an Excel workbook that can be opened \(.*\)", "这个 Excel 文件打不开，可能有密码或已损坏"),
    (r"unpacks to ([\d,]+) bytes, more than .*", r"展开后有 \1 字节，远超一份名单；请另存一份干净的"),
    (r"is a web page or XML, not a table.*", "是网页或 XML，不是表格；请另存为 .xlsx 或 CSV UTF-8"),
    (r"holds bytes that are neither UTF-8 nor GBK.*", "文字编码既不是 UTF-8 也不是 GBK；请另存为 CSV UTF-8"),
    (r"cannot be split into cells \(.*\); look for .*", "分不成单元格；请找一找没有配对的引号，或过长的单元格"),
    # GeoJSON
    (r"is not JSON: .*", "不是有效的 JSON"),
    (r"is not a GeoJSON FeatureCollection", "不是 GeoJSON 的 FeatureCollection"),
    (r"holds no features", "一个要素也没有"),
    (r"declares a crs other than degrees.*", "声明的坐标参考系不是经纬度"),
    (r"must be a Point", "必须是点（Point）"),
    (r"must be \[lon, lat\] in numbers", "必须是数字的 [经度, 纬度]"),
    # candidates
    (r"are ([\d,]+); at most ([\d,]+) at a time", r"有 \1 个；一次最多 \2 个"),
)
_PATTERNS = tuple((re.compile(english, re.DOTALL), chinese) for english, chinese in _TABLE)
_NAMED = re.compile(r"⟦(.*?)⟧")
"""Names of ours in a reason, which have their Chinese too."""


def told(fault: Fault) -> Json:
    """Say one fault in the reader's language: where it stands and what is wrong."""
    return {"row": fault.row, "column": fault.column, "value": fault.value, "reason": reason(fault.reason)}


def reason(english: str) -> str:
    """Give a reason in the reader's language; one that has no Chinese stays as it is."""
    return english if language.language() == "en" else in_chinese(english) or english


def in_chinese(english: str) -> str | None:
    """Give a reason in Chinese; None where the table has none."""
    for pattern, chinese in _PATTERNS:
        found = pattern.fullmatch(english)
        if found:
            return _NAMED.sub(lambda names: _names(names.group(1)), found.expand(chinese))
    return None


def _names(english: str) -> str:
    return "、".join(_NAMES.get(name, name) for name in english.split(", "))
