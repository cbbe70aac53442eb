"""What a wave of a call-up asks is answered by indexes alone; one that nothing needs is not written any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_IS_SHORT = sa.text("held < people")
_VOLUNTEER = ["region", "volunteer", "released_at"]


def upgrade() -> None:
    """Make and drop the indexes."""
    op.create_index(
        "ix_callup_posts_short", "callup_posts", ["callup", "ends_at"], sqlite_where=_IS_SHORT,
        postgresql_where=_IS_SHORT,
    )  # fmt: skip
    op.drop_index("ix_callup_asks_region", "callup_asks")
    op.drop_index("ix_outbox_volunteer", "outbox")
    op.create_index("ix_outbox_volunteer", "outbox", [*_VOLUNTEER, "purpose", "state"])


def downgrade() -> None:
    """Put them back."""
    op.drop_index("ix_outbox_volunteer", "outbox")
    op.create_index("ix_outbox_volunteer", "outbox", _VOLUNTEER)
    op.create_index("ix_callup_asks_region", "callup_asks", ["region", "volunteer"])
    op.drop_index("ix_callup_posts_short", "callup_posts")
