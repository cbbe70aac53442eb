"""Rows that are looked up by many texts at once, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from geomatch.store.among import among, gathered, one_of, plain, texts
from geomatch.store.tables.callups import callup_asks
from geomatch.store.tables.notices import opt_outs

if TYPE_CHECKING:
    from geomatch.store.database import Database

NOW = datetime(2026, 11, 29, tzinfo=UTC)
READERS = ("一", "with \"both\" 'quotes'", "a,b", "[1]", "{}")
BY_READER = select(opt_outs.c.reader).where(among(opt_outs.c.reader, texts("readers")))


def test_each_text_is_looked_up_as_it_is(database: Database) -> None:
    """In a statement that is made once and in one that is made for the question; none and unknown ones find nothing."""
    database.prepare()
    with database.whole(writes=True) as connection:
        rows = [{"region": "little", "reader": reader, "purpose": "offer", "at": NOW} for reader in READERS]
        connection.execute(insert(opt_outs), rows)
        for wanted in (READERS, READERS[1:3], (), ("unknown", READERS[0])):
            once = connection.execute(BY_READER, {"readers": list(wanted)}).scalars()
            made = connection.execute(select(opt_outs.c.reader).where(among(opt_outs.c.reader, iter(wanted)))).scalars()
            always = connection.execute(select(opt_outs.c.reader).where(one_of(opt_outs.c.reader, wanted))).scalars()
            assert set(once) == set(made) == set(always) == set(wanted) & set(READERS)


def test_columns_of_texts_come_back_in_one_order(database: Database) -> None:
    """Each as one list, whatever the texts hold; of no rows they are empty."""
    database.prepare()
    with database.whole(writes=True) as connection:
        rows = [{"region": reader, "reader": reader, "purpose": "offer", "at": NOW} for reader in READERS]
        connection.execute(insert(opt_outs), rows)
        query = select(gathered(opt_outs.c.region), gathered(opt_outs.c.reader))
        regions, readers = connection.execute(query).one()
        assert regions == readers
        assert set(readers) == set(READERS)
        assert tuple(connection.execute(query.where(opt_outs.c.reader == "unknown")).one()) == ([], [])


def test_rows_are_found_by_their_index(database: Database) -> None:
    """Beside another condition as well, and it compares the lookup with nothing: it would read every row."""
    database.prepare()
    query = select(callup_asks.c.id).where(
        and_(among(callup_asks.c.volunteer, texts("people")), plain(callup_asks.c.callup) == "c1")
    )
    if database.kind == "sqlite":
        with database.whole(writes=False) as connection:
            plan = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {query.compile(dialect=sqlite.dialect())}", ("[]", "", "c1")
            )
            assert "SEARCH callup_asks USING INDEX ix_callup_asks_volunteer (volunteer=?)" in [
                step.detail for step in plan
            ]
    else:
        assert "callup_asks.volunteer = ANY (" in str(query.compile(dialect=postgresql.dialect()))
