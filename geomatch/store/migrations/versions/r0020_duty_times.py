"""When a duty was begun and done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the columns."""
    for name in ("begun_at", "done_at"):
        op.add_column("duties", sa.Column(name, sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Drop the columns."""
    for name in ("done_at", "begun_at"):
        op.drop_column("duties", name)
