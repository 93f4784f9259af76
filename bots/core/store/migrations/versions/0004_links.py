"""Which records a record names, and the items that these were"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bots.core.store.types import Name

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("bot", Name(length=64), nullable=False),
        sa.Column("record", Name(length=255), nullable=False),
        sa.Column("to_bot", Name(length=64), nullable=False),
        sa.Column("to_record", Name(length=255), nullable=False),
        sa.Column("title", Name(length=255), nullable=False),
        sa.PrimaryKeyConstraint("bot", "record", "to_bot", "to_record"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )


def downgrade() -> None:
    op.drop_table("links")
