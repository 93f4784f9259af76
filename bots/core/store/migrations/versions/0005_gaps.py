"""What records lack on the wiki"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bots.core.store.types import Long

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("records", sa.Column("gaps", Long(), nullable=True))


def downgrade() -> None:
    op.drop_column("records", "gaps")
