"""The records of sources, the items that they are, and what partners answered"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bots.core.store.types import Long, Name, Revid, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "records",
        sa.Column("bot", Name(length=64), nullable=False),
        sa.Column("record", Name(length=255), nullable=False),
        sa.Column("site", Name(length=64), nullable=False),
        sa.Column("title", Name(length=255), nullable=False),
        sa.Column("digest", Name(length=64), nullable=False),
        sa.Column("revid", Revid(), nullable=True),
        sa.Column("quiet", sa.Integer(), nullable=False),
        sa.Column("gone_since", sa.Integer(), nullable=False),
        sa.Column("row", Long(), nullable=True),
        sa.PrimaryKeyConstraint("bot", "record"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "answers",
        sa.Column("bot", Name(length=64), nullable=False),
        sa.Column("row", Name(length=64), nullable=False),
        sa.Column("answer", Name(length=32), nullable=False),
        sa.Column("answered", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "row"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_index("records_by_title", "records", ["bot", "site", "title"])


def downgrade() -> None:
    op.drop_table("answers")
    op.drop_table("records")
