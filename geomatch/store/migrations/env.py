"""Run by alembic: takes steps inside the transaction of whoever called it (store/migrating.py)."""

from __future__ import annotations

from alembic import context

from geomatch.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column: alembic then writes the table anew
    compare_type=True,
)
context.run_migrations()
