"""What the base held before an edit, so that the edit can be undone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bots.core.store.types import Long

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edits", sa.Column("was", Long(), nullable=True))


def downgrade() -> None:
    op.drop_column("edits", "was")
