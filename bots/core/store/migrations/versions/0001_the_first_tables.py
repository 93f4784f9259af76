"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bots.core.store.types import Long, Name, Revid, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bases",
        sa.Column("bot", Name(length=64), nullable=False),
        sa.Column("site", Name(length=64), nullable=False),
        sa.Column("title", Name(length=255), nullable=False),
        sa.Column("slots", Long(), nullable=False),
        sa.Column("updated", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "site", "title"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bot", Name(length=64), nullable=False),
        sa.Column("site", Name(length=64), nullable=False),
        sa.Column("title", Name(length=255), nullable=False),
        sa.Column("slot", Name(length=255), nullable=False),
        sa.Column("pair", Name(length=64), nullable=False),
        sa.Column("choice", Name(length=32), nullable=False),
        sa.Column("user", Name(length=255), nullable=False),
        sa.Column("revid", Revid(), nullable=False),
        sa.Column("decided", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("bot", "site", "title", "slot", "pair", name="decisions_once"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "leases",
        sa.Column("name", Name(length=64), nullable=False),
        sa.Column("holder", Name(length=255), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("expires", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", Name(length=12), nullable=False),
        sa.Column("bot", Name(length=64), nullable=False),
        sa.Column("mode", Name(length=8), nullable=False),
        sa.Column("state", Name(length=16), nullable=False),
        sa.Column("holder", Name(length=255), nullable=False),
        sa.Column("started", UTCDateTime(), nullable=False),
        sa.Column("ended", UTCDateTime(), nullable=True),
        sa.Column("plan_of", Name(length=12), nullable=True),
        sa.Column("note", Long(), nullable=True),
        sa.Column("waits_until", UTCDateTime(), nullable=True),
        sa.Column("waits_for", Name(length=64), nullable=True),
        sa.Column("counts", Long(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index("runs_by_bot", ["bot", "id"], unique=False)

    op.create_table(
        "stops",
        sa.Column("bot", Name(length=64), nullable=False),
        sa.Column("checked", UTCDateTime(), nullable=False),
        sa.Column("site", Name(length=64), nullable=False),
        sa.Column("title", Name(length=255), nullable=False),
        sa.Column("stopped", sa.Integer(), nullable=False),
        sa.Column("user", Name(length=255), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=True),
        sa.Column("revid", Revid(), nullable=False),
        sa.Column("text", Long(), nullable=False),
        sa.PrimaryKeyConstraint("bot"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "edits",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site", Name(length=64), nullable=False),
        sa.Column("title", Name(length=255), nullable=False),
        sa.Column("key", Name(length=255), nullable=False),
        sa.Column("after", Name(length=255), nullable=False),
        sa.Column("content", Long(), nullable=True),
        sa.Column("state", Name(length=16), nullable=False),
        sa.Column("outcome", Long(), nullable=True),
        sa.Column("revid", Revid(), nullable=True),
        sa.Column("sent", UTCDateTime(), nullable=True),
        sa.Column("settled", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["runs.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "seq"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("edits", schema=None) as batch_op:
        batch_op.create_index("edits_by_state", ["state", "run_id"], unique=False)
        batch_op.create_index("edits_by_target", ["site", "title"], unique=False)

    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bot", Name(length=64), nullable=False),
        sa.Column("fingerprint", Name(length=32), nullable=False),
        sa.Column("site", Name(length=64), nullable=False),
        sa.Column("title", Name(length=255), nullable=False),
        sa.Column("content", Long(), nullable=False),
        sa.Column("first_run", sa.Integer(), nullable=False),
        sa.Column("last_run", sa.Integer(), nullable=False),
        sa.Column("closed_run", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closed_run"],
            ["runs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["first_run"],
            ["runs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["last_run"],
            ["runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("bot", "fingerprint", name="findings_once"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index("findings_by_target", ["site", "title"], unique=False)

    # ### end Alembic commands ###


def downgrade() -> None:
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index("findings_by_target")

    op.drop_table("findings")
    with op.batch_alter_table("edits", schema=None) as batch_op:
        batch_op.drop_index("edits_by_target")
        batch_op.drop_index("edits_by_state")

    op.drop_table("edits")
    op.drop_table("stops")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index("runs_by_bot")

    op.drop_table("runs")
    op.drop_table("leases")
    op.drop_table("decisions")
    op.drop_table("bases")
    # ### end Alembic commands ###
