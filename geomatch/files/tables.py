"""Tables of CSV, TSV, XLSX and GeoJSON files whose rows remember the number that a spreadsheet shows.

Nothing is guessed: bytes decode strictly or are at fault; the header is the row that spells the known columns; a cell
that cannot be trusted (a date, a formula without a value) is remembered as spoiled and refused by whoever needs it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias

from geomatch.errors import Fault, InputError
from geomatch.files import geojson_rows, text_rows, workbook_rows
from geomatch.files.rows import HEADER_WITHIN, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geomatch.files.rows import Sheet

    Found: TypeAlias = dict[str, list[int]]

ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "编号", "编码", "代码", "站点编号", "站点编码"),
    "name": ("name", "名称", "姓名", "站点名称", "名字", "站名", "小区名称", "地点名称"),
    "kind": ("kind", "类型", "类别", "站点类型", "站点类别"),
    "lon": ("lon", "lng", "longitude", "经度", "东经"),
    "lat": ("lat", "latitude", "纬度", "北纬"),
    "parent": ("parent", "上级", "上级编号", "上级编码", "所属上级"),
    "unit": ("unit", "街镇", "街道", "乡镇", "街道乡镇", "所属街镇", "所属街道"),
    "hours": ("hours", "opening_hours", "开放时间", "服务时间"),
    "services": ("services", "服务", "服务项目", "服务内容"),
    "capacity": ("capacity", "容量", "容纳人数"),
    "cost": ("cost", "成本", "费用", "造价"),
    "number": ("number", "志愿者编号", "志愿者号", "注册号"),
    "document": ("document", "身份证号", "身份证号码", "证件号码", "证件号"),
    "phone": ("phone", "电话", "手机", "手机号", "联系电话"),
    "team": ("team", "队伍", "所属队伍", "志愿队"),
    "skills": ("skills", "技能", "专长"),
    "certificates": ("certificates", "证书"),
    "languages": ("languages", "语言"),
    "on_duty": ("on_duty", "在岗"),
    "born": ("born", "出生日期", "生日"),
    "insured_until": ("insured_until", "保险到期", "保险有效期"),
    "trained": ("trained", "培训次数"),
    "guardian_agreed": ("guardian_agreed", "监护人同意"),
    "is_professional": ("is_professional", "专业人士", "专业人员"),
    "place": ("place", "常住或工作地", "地点类型"),
    "level": ("level", "级别"),
    "category": ("category", "服务类别"),
    "figure": ("figure", "数值", "数字"),
    "measure": ("measure", "指标", "口径"),
    "published_on": ("published_on", "发布日期"),
    "source": ("source", "来源", "出处"),
    "first": ("first", "开始日期", "起始日期"),
    "last": ("last", "结束日期", "截止日期"),
    "organisation": ("organisation", "单位", "所属单位"),
    "sites": ("sites", "阵地", "所属阵地", "承办站点"),
    "code": ("code", "代码", "编码"),
    "name_en": ("name_en", "英文名称", "英文名"),
    "people": ("people", "人数", "需要人数"),
    "skill": ("skill", "技能"),
    "certified": ("certified", "须持证", "需要证书"),
    "needs_certificate": ("needs_certificate", "需要证书", "须持证"),
    "words": ("words", "需求", "服务需求", "需求内容"),
    "service": ("service", "服务代码"),
    "address": ("address", "地址", "详细地址"),
    "starts_at": ("starts_at", "开始时间"),
    "ends_at": ("ends_at", "结束时间"),
    "people_needed": ("people_needed", "需要人数", "人数"),
    "consent": ("consent", "本人同意", "同意方式"),
    "way": ("way", "派单方式"),
}
"""What a header cell may say for each column; width, case and spaces do not count."""

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its header found.

    Attributes:
        where: the file, as faults name it.
        columns: every column as the file spells it; one without a name is "".
        place: known column -> its index.
        rows: the rows below the header that are not blank, each as long as `columns`.
        spoiled: (row number, cell index) -> why that cell cannot be trusted.
        plain_utf8: the file is text in UTF-8 without a byte-order mark.
    """

    where: str
    columns: tuple[str, ...]
    place: Mapping[str, int]
    rows: tuple[Row, ...]
    spoiled: Mapping[tuple[int, int], str]
    plain_utf8: bool

    def text(self, row: Row, column: str) -> str:
        """Give a known column's cell without outer spaces; "" where the table has no such column."""
        index = self.place.get(column)
        return "" if index is None else row.cells[index].strip()

    def fault(self, row: Row, column: str, reason: str) -> Fault:
        """Make a fault of a known column's cell."""
        index = self.place[column]
        return Fault(self.where, reason, row=row.number, column=self.columns[index], value=row.cells[index][:_SHOWN])

    def spoilt(self, row: Row) -> dict[str, Fault]:
        """Give the faults of the known columns' cells that cannot be trusted, by column."""
        if not self.spoiled:
            return {}
        return {
            column: self.fault(row, column, self.spoiled[row.number, index])
            for column, index in self.place.items()
            if (row.number, index) in self.spoiled
        }


def read_table(
    path: Path, *, required: Sequence[str], optional: Sequence[str] = (), named: Mapping[str, str] | None = None
) -> Table:
    """Read a table whose header spells the required columns, in English or Chinese.

    Args:
        path: CSV, TSV, XLSX or GeoJSON; a workbook is known by its bytes, whatever its name says.
        required: columns that must be there, keys of ALIASES.
        optional: columns that may be there, keys of ALIASES.
        named: further required columns under the exact names that the user gave them.

    Raises:
        InputError: the file cannot be read, or its header or shape is at fault; every fault is listed.
    """
    return parse_table(_bytes_of(path), str(path), required=required, optional=optional, named=named)


def parse_table(
    raw: bytes,
    where: str,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    named: Mapping[str, str] | None = None,
) -> Table:
    """Read a table from the bytes of a file, as `read_table` does.

    Args:
        raw: the file.
        where: its name, which faults say and whose ending tells GeoJSON from text.
        required: as above.
        optional: as above.
        named: as above.

    Raises:
        InputError: as above.
    """
    if not raw.strip():
        raise InputError.of(where, "is empty")
    names = dict(named or {})
    known = {_folded(alias): column for column in (*required, *optional) for alias in ALIASES[column]}
    known |= {_folded(name): column for column, name in names.items()}
    sheets, plain_utf8 = _sheets(raw, where, known)
    needed = {column: names.get(column, column) for column in (*required, *names)}
    sheet, header = _choose(sheets, where, known, needed)
    return _table(sheet, header, where, known, plain_utf8=plain_utf8)


def _sheets(raw: bytes, where: str, known: Mapping[str, str]) -> tuple[list[Sheet], bool]:
    """Read every sheet; and tell whether the file is plain UTF-8."""
    suffix = PurePath(where).suffix.lower()
    if raw.startswith(b"PK\x03\x04"):
        return workbook_rows.read(raw, where), False
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError.of(where, "is an old Excel file (.xls); save it as .xlsx or as CSV UTF-8")
    if suffix in {".xlsx", ".xlsm"}:
        raise InputError.of(where, "is not an Excel workbook, whatever its name says; save it again as .xlsx")
    if suffix in {".geojson", ".json"}:
        taken = frozenset(_folded(alias) for column in ("lon", "lat") for alias in ALIASES[column])
        return [geojson_rows.read(raw, where, taken)], False
    text, plain_utf8 = text_rows.decode(raw, where)
    return [text_rows.read(text, where, lambda row: len(_found(row, known)))], plain_utf8


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_char_device() or path.is_block_device():
            raise InputError.of(str(path), "is a device where a file is meant")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError.of(str(path), "does not exist") from error
    except IsADirectoryError as error:
        raise InputError.of(str(path), "is a folder where a file is meant") from error
    except (OSError, ValueError) as error:
        raise InputError.of(str(path), f"cannot be read: {error}") from error


def _folded(text: str) -> str:
    """Give what a header says to the eye: width, case, spaces and invisible characters do not show."""
    seen = (character for character in unicodedata.normalize("NFKC", text) if unicodedata.category(character) != "Cf")
    return "".join("".join(seen).lower().split())


def _choose(
    sheets: Sequence[Sheet], where: str, known: Mapping[str, str], needed: Mapping[str, str]
) -> tuple[Sheet, Row]:
    """Take the sheet and header row that have the needed columns; else say what the most promising ones lack."""
    scored = [(sheet, row, _found(row, known)) for sheet in sheets for row in sheet.rows[:HEADER_WITHIN]]
    if not scored:
        raise InputError.of(where, "holds no rows")
    whole = [(sheet, row) for sheet, row, found in scored if all(column in found for column in needed)]
    named = {sheet.name for sheet, _ in whole}
    if len(named) > 1:
        raise InputError.of(where, f"has a table on more than one sheet ({', '.join(sorted(named))}); keep one")
    if whole:
        return whole[0]
    _, row, found = max(scored, key=lambda entry: len(entry[2]))
    lacking = ", ".join(name for column, name in needed.items() if column not in found)
    if not found:
        shown = [cell for cell in scored[0][1].cells if cell.strip()]
        reason = f"has no header row: none of the first {HEADER_WITHIN} rows names the columns {lacking}"
        raise InputError([Fault(where, reason, row=scored[0][1].number, value=" | ".join(shown)[:_SHOWN])])
    spelled = ", ".join(cell.strip() for cell in row.cells if cell.strip())
    raise InputError([Fault(where, f"lacks the columns {lacking}; it has: {spelled[:500]}", row=row.number or None)])


def _found(row: Row, known: Mapping[str, str]) -> Found:
    """Map each known column that a row spells to the cells that spell it."""
    found: Found = {}
    for index, cell in enumerate(row.cells):
        column = known.get(_folded(cell)) if len(cell) <= _SHOWN else None
        if column is not None:
            found.setdefault(column, []).append(index)
    return found


def _table(sheet: Sheet, header: Row, where: str, known: Mapping[str, str], *, plain_utf8: bool) -> Table:
    columns = tuple(cell.strip() for cell in header.cells)
    width = max(index + 1 for index, name in enumerate(columns) if name)
    below = [row for row in sheet.rows if row.number > header.number]
    found = _found(header, known)
    faults = _named_twice(header, found, where)
    faults += [
        Fault(where, f"has more cells than the header ({width}); is a delimiter inside a cell?", row=row.number)
        for row in below
        if any(cell.strip() for cell in row.cells[width:])
    ]
    if faults:
        raise InputError(faults)
    rows = tuple(Row(row.number, (row.cells + ("",) * width)[:width]) for row in below)
    place = {column: indices[0] for column, indices in found.items()}
    return Table(where, columns[:width], place, rows, sheet.spoiled, plain_utf8)


def _named_twice(header: Row, found: Found, where: str) -> list[Fault]:
    """List header names that stand twice, and known columns under two names."""
    names = [cell.strip() for cell in header.cells]
    twice = {name for name in names if name and names.count(name) > 1}
    twice |= {names[index] for indices in found.values() if len(indices) > 1 for index in indices}
    return [
        Fault(where, "is a column that the header names more than once; keep one", row=header.number, column=name)
        for name in sorted(twice)
    ]
