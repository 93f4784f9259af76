"""The register's records, each of their versions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bots.core.store.types import Long, Name, Revid, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site", Name(length=64), nullable=False),
        sa.Column("page", Revid(), nullable=False),
        sa.Column("kind", Name(length=64), nullable=False),
        sa.Column("title", Name(length=255), nullable=False),
        sa.Column("content", Long(), nullable=False),
        sa.Column("places", Long(), nullable=False),
        sa.Column("revid", Revid(), nullable=False),
        sa.Column("edited", UTCDateTime(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_index("page_records_by_page", "page_records", ["page", "site"])


def downgrade() -> None:
    op.drop_table("page_records")
