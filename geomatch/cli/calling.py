"""Commands for great call-ups: opened, listed, looked at, closed, and tried out over invented answers."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.cli.accounting import database
from geomatch.cli.making import opened
from geomatch.errors import InputError
from geomatch.files import region_file
from geomatch.files.cells import plain_text
from geomatch.volunteering.callups import Need
from geomatch.volunteering.roles import Principal, Role

if TYPE_CHECKING:
    import argparse

    from geomatch.services.callup import Draft
    from geomatch.services.callup_board import Board, Count
    from geomatch.services.callup_trial import Trial

_SHORT = 10
_ROWS = (
    ("places", "岗位名额 places"),
    ("filled", "到岗名额 places filled"),
    ("posts", "岗位 posts"),
    ("posts_filled", "满员岗位 posts filled"),
    ("waves", "批次 waves"),
    ("asked", "征询 asks"),
    ("sent", "发出通知 notices sent"),
    ("sent_after_full", "满员后仍发出 sent after full"),
    ("most_sent_a_day", "每人每天最多通知 most notices a day"),
    ("most_shifts", "最多班次 most shifts of one"),
    ("median_shifts", "班次中位数 median shifts"),
    ("promoted", "候补上岗 moved up"),
    ("withdrawn", "退出 withdrew"),
    ("no_shows", "未到岗 did not come"),
    ("swapped", "换岗 changed places"),
    ("clashes", "班次冲突 clashes"),
)


def open_call(options: argparse.Namespace) -> None:
    """Open a call; the worker sends its waves."""
    from geomatch.services import callup  # noqa: PLC0415 - each command opens only its own rooms

    region = opened(options.region)
    draft = _draft(options, region.spec.timezone)
    call = callup.open_call(database().writing(), region, draft, by="", at=datetime.now(UTC))
    print(f"{call.id}: {call.name}; the first wave is sent by geomatch worker 由 worker 发出第一批")


def listed(options: argparse.Namespace) -> None:
    """List the calls of a region, the newest first."""
    from geomatch.services import callup  # noqa: PLC0415 - as above

    spec = region_file.load_spec(options.region)
    here = ZoneInfo(spec.timezone)
    calls = callup.listed(database().reading(), spec.id)
    for call in calls:
        stands = (
            "进行中 open" if call.closed_at is None else f"{call.closed_at.astimezone(here):%Y-%m-%d %H:%M} 结束 closed"
        )
        print(
            f"{call.id}  {call.opened_at.astimezone(here):%Y-%m-%d %H:%M}  {call.name}  {call.wave} 批 waves  {stands}"
        )
    print(f"{len(calls):,} call-ups 次征召")


def show(options: argparse.Namespace) -> None:
    """Show how far a call is, by shift and skill, and the stations that are short of most."""
    from geomatch.services import callup_board  # noqa: PLC0415 - as above

    region = opened(options.region)
    who = Principal("", Role.CENTRE, region.spec.id)
    board = callup_board.board(database().reading(), region, options.callup, who)
    if options.json:
        print(json.dumps(_told(board), ensure_ascii=False))
        return
    here = ZoneInfo(region.spec.timezone)
    print(f"{board.callup.name}: {_words(board.total)}")
    for (starts_at, ends_at), count in board.shifts:
        print(f"{starts_at.astimezone(here):%m-%d %H:%M}–{ends_at.astimezone(here):%H:%M}  {_words(count)}")
    for skill, count in board.skills:
        print(f"{skill or '不限技能 no skill'}  {_words(count)}")
    short = sorted(board.stations, key=lambda each: each[1].held - each[1].places)
    for site, count in [each for each in short if each[1].held < each[1].places][:_SHORT]:
        print(f"{site.id}  {site.name}  {_words(count)}")


def close(options: argparse.Namespace) -> None:
    """Close a call: nobody is asked any more; places stay as they are."""
    from geomatch.services import callup  # noqa: PLC0415 - as above

    spec = region_file.load_spec(options.region)
    call = callup.close(database().writing(), spec.id, options.callup, at=datetime.now(UTC))
    print(f"{call.id}: {call.name} closed 已结束")


def simulate(options: argparse.Namespace) -> None:
    """Play a call over invented answers in a database of its own."""
    from geomatch.services import callup_trial  # noqa: PLC0415 - as above

    region = opened(options.region)
    draft = _draft(options, region.spec.timezone)
    trial = callup_trial.try_out(database(), region, draft, seed=options.seed, at=datetime.now(UTC))
    _print(trial, as_json=options.json)


def _draft(options: argparse.Namespace, zone: str) -> Draft:
    """Make what the flags and the file say."""
    from geomatch.files import need_table, order_table  # noqa: PLC0415 - as above
    from geomatch.services import callup  # noqa: PLC0415 - as above

    try:
        starts_at = order_table.moment(options.starts, ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError.of("--starts", "must be a time such as 2026-12-01 08:00", value=options.starts) from error
    given: list[tuple[Need, tuple[str, ...]]] = [(_need(text), ()) for text in options.need]
    if options.needs is not None:
        given += need_table.read_needs(options.needs)
    needs, needs_at = callup.needs_of(given)
    return callup.Draft(
        _text("--name", options.name, 100), _text("--words", options.words, 500), starts_at, options.hours,
        options.shift_hours, needs, tuple(options.site), urgent=options.urgent, needs_at=needs_at,
    )  # fmt: skip


def _text(flag: str, given: str, longest: int) -> str:
    try:
        line = plain_text(given)
    except ValueError as error:
        raise InputError.of(flag, str(error), value=ascii(given)) from error
    if not 1 <= len(line) <= longest:
        raise InputError.of(flag, f"must be 1 to {longest} characters", value=ascii(given[:longest]))
    return line


def _need(text: str) -> Need:
    people, _, skill = text.partition(":")
    if not people.isascii() or not people.isdigit() or (":" in text and not skill.strip()):
        raise InputError.of("--need", "must be PEOPLE or PEOPLE:SKILL, such as 2 or 1:急救", value=text)
    return Need(int(people[:9]), _text("--need", skill, 60) if skill.strip() else None)


def _told(board: Board) -> dict[str, object]:
    return {
        "id": board.callup.id, "name": board.callup.name, "waves": board.callup.wave, "total": asdict(board.total),
        "shifts": [
            {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()} | asdict(count)
            for (starts_at, ends_at), count in board.shifts
        ],
        "skills": [{"skill": skill} | asdict(count) for skill, count in board.skills],
        "stations": [{"site": site.id, "name": site.name} | asdict(count) for site, count in board.stations],
    }  # fmt: skip


def _words(count: Count) -> str:
    return f"{count.held:,}/{count.places:,} 到岗 held, 候补 {count.standby:,} stand by, 待答复 {count.asked:,} asked"


def _print(trial: Trial, *, as_json: bool) -> None:
    played = asdict(trial.played)
    if as_json:
        told = {"volunteers": trial.volunteers, "volunteers_invented": trial.invented, "answers_invented": True}
        print(json.dumps(told | played | {"computing_in_all_s": round(trial.computing_s, 2)}, ensure_ascii=False))
        return
    whose = "志愿者与答复均为虚构 volunteers and answers are invented"
    if not trial.invented:
        whose = "志愿者来自数据库，答复为虚构 volunteers of the database, answers are invented"
    print(f"{trial.volunteers:,} 人 volunteers; {whose}")
    for name, words in _ROWS:
        print(f"{words}\t{played[name]:,}")
    print(f"计算用时（秒）computing, s\t{trial.computing_s:.1f}")
