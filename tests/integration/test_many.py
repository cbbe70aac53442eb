"""Many rows that go to the database as one parameter, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError

from geomatch.store.many import Many
from geomatch.store.tables.callups import callup_asks
from geomatch.store.tables.notices import outbox

if TYPE_CHECKING:
    from geomatch.store.database import Database

NOW = datetime(2026, 11, 29, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
TEXTS = ("一", "with \"both\" 'quotes'", "\\u0041", "[1]", "null", "12", "true", "", "两行\n<b>", "\U0001f600")
NOTICES = Many(
    outbox,
    (
        "id", "region", "key", "purpose", "cause_kind", "cause_id", "why_zh", "why_en", "body", "made_at", "volunteer",
        "account", "not_before", "expires_at", "urgent",
    ),
    alike=("state", "told"),
    unless=("region", "key"),
)  # fmt: skip
ASKS = Many(callup_asks, ("id", "post", "volunteer", "walk_m", "wave", "asked_at"), alike=("callup", "region", "state"))


def notice(number: int, key: str, body: str) -> tuple[object, ...]:
    """Make the row of a notice."""
    return (
        f"n{number}", "little", key, "push", "push", "p1", "因为", "because", body, NOW, f"v{number}", None,
        NOW + timedelta(microseconds=number), None if number % 2 else NOW, number % 2 == 0,
    )  # fmt: skip


def test_what_is_written_at_once_is_found_as_it_was(database: Database) -> None:
    """Texts whatever they look like, times to the microsecond, nothing as nothing."""
    database.prepare()
    given = [notice(number, text or "none", text) for number, text in enumerate(TEXTS)]
    with database.whole(writes=True) as connection:
        assert NOTICES.write(connection, given, state="waiting", told="无") == len(TEXTS)
        found = connection.execute(select(outbox).order_by(outbox.c.not_before)).all()
        assert [tuple(getattr(row, name) for name in NOTICES.columns) for row in found] == given
        assert {(row.state, row.told, row.released_at) for row in found} == {("waiting", "无", None)}
        assert {row.made_at.tzinfo for row in found} == {UTC}


def test_figures_are_found_to_the_last_bit(database: Database) -> None:
    """However many rows there are: more than go at once as well, and none."""
    database.prepare()
    walks = [0.1 + 0.2, 1e-7, 532.7908724445737, 5e15, *(number / 7 for number in range(4001))]
    given = [(f"a{row}", f"p{row}", "v", walk_m, row, NOW) for row, walk_m in enumerate(walks)]
    with database.whole(writes=True) as connection:
        assert ASKS.write(connection, given, callup="c", region="little", state="asked") == len(walks)
        assert ASKS.write(connection, [], callup="c", region="little", state="asked") == 0
        query = select(callup_asks.c.walk_m, callup_asks.c.wave).order_by(callup_asks.c.wave)
        assert [*map(tuple, connection.execute(query))] == [(walk_m, row) for row, walk_m in enumerate(walks)]


def test_rows_that_are_there_already_stay_as_they_are(database: Database) -> None:
    """By the columns that say so, also twice in one writing; only new ones are counted."""
    database.prepare()
    with database.whole(writes=True) as connection:
        assert NOTICES.write(connection, [notice(1, "k1", "first")], state="waiting", told="") == 1
        again = [notice(2, "k1", "second"), notice(3, "k2", "third"), notice(4, "k2", "fourth")]
        assert NOTICES.write(connection, again, state="waiting", told="") == 1
        query = select(outbox.c.key, outbox.c.body).order_by(outbox.c.key)
        assert [*map(tuple, connection.execute(query))] == [("k1", "first"), ("k2", "third")]


def test_a_text_that_is_too_long_is_refused_and_not_cut(database: Database) -> None:
    """PostgreSQL holds what a column says of its length; a cast would cut it in silence."""
    database.prepare()
    with database.whole(writes=True) as connection:
        too_long = [("a" * 25, "p", "v", 1.0, 1, NOW)]
        if database.kind == "postgresql":
            with pytest.raises(DataError, match="too long"):
                ASKS.write(connection, too_long, callup="c", region="little", state="asked")
        else:
            assert ASKS.write(connection, too_long, callup="c", region="little", state="asked") == 1
