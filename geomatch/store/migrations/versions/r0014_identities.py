"""Who is the same person, by keyed hashes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "identities",
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("region", "key", "kind", "subject", name="pk_identities"),
    )
    op.create_index("ix_identities_subject", "identities", ["subject"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("identities")
