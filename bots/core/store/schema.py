"""The store's tables, the same on SQLite and on MariaDB."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint

from bots.core.store.types import Long, Name, Revid, UTCDateTime

metadata = MetaData()

_IN_MARIADB: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Name(12), nullable=False, unique=True),
    Column("bot", Name(64), nullable=False),
    Column("mode", Name(8), nullable=False),
    Column("state", Name(16), nullable=False),
    Column("holder", Name(255), nullable=False),
    Column("started", UTCDateTime, nullable=False),
    Column("ended", UTCDateTime),
    Column("plan_of", Name(12)),
    Column("note", Long()),
    Column("waits_until", UTCDateTime),
    Column("waits_for", Name(64)),
    Column("counts", Long()),
    Index("runs_by_bot", "bot", "id"),
    **_IN_MARIADB,
)
"""One row a run. `note` is a `Message` as JSON: why it ended as it did. `counts` is filled when
the run ends: {outcome: edits}."""

edits = Table(
    "edits",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("site", Name(64), nullable=False),
    Column("title", Name(255), nullable=False),
    Column("key", Name(255), nullable=False),
    Column("after", Name(255), nullable=False),
    Column("content", Long()),
    Column("state", Name(16), nullable=False),
    Column("outcome", Long()),
    Column("revid", Revid()),
    Column("sent", UTCDateTime),
    Column("settled", UTCDateTime),
    Column("was", Long()),
    Index("edits_by_state", "state", "run_id"),
    Index("edits_by_target", "site", "title"),
    **_IN_MARIADB,
)
"""The spool and the journal in one: an edit is here before it is sent, and settled after.
`state` is planned, sent, or an outcome's name; `content` is the edit as JSON; `was` is {slot: what
the base held there before the edit, or null}, for undoing it."""

findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bot", Name(64), nullable=False),
    Column("fingerprint", Name(32), nullable=False),
    Column("site", Name(64), nullable=False),
    Column("title", Name(255), nullable=False),
    Column("content", Long(), nullable=False),
    Column("first_run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("last_run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("closed_run", Integer, ForeignKey("runs.id")),
    UniqueConstraint("bot", "fingerprint", name="findings_once"),
    Index("findings_by_target", "site", "title"),
    **_IN_MARIADB,
)
"""One row a finding, however many runs saw it: the first, the last, and the one that missed it."""

bases = Table(
    "bases",
    metadata,
    Column("bot", Name(64), primary_key=True),
    Column("site", Name(64), primary_key=True),
    Column("title", Name(255), primary_key=True),
    Column("slots", Long(), nullable=False),
    Column("updated", UTCDateTime, nullable=False),
    **_IN_MARIADB,
)
"""What HubBot last left: one row a page or record, all its slots as one JSON object."""

records = Table(
    "records",
    metadata,
    Column("bot", Name(64), primary_key=True),
    Column("record", Name(255), primary_key=True),
    Column("site", Name(64), nullable=False),
    Column("title", Name(255), nullable=False),
    Column("digest", Name(64), nullable=False),
    Column("revid", Revid()),
    Column("quiet", Integer, nullable=False),
    Column("gone_since", Integer, nullable=False),
    Column("row", Long()),
    Column("gaps", Long()),
    Index("records_by_title", "bot", "site", "title"),
    **_IN_MARIADB,
)
"""One row a record of a source: its item, and as what both were judged last; see `Known`."""

links = Table(
    "links",
    metadata,
    Column("bot", Name(64), primary_key=True),
    Column("record", Name(255), primary_key=True),
    Column("to_bot", Name(64), primary_key=True),
    Column("to_record", Name(255), primary_key=True),
    Column("title", Name(255), nullable=False),
    **_IN_MARIADB,
)
"""One row for each record that a record names: `title` is the page of its item ("": it had none)
when the one that names it was judged."""

page_records = Table(
    "page_records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Name(64), nullable=False),
    Column("page", Revid(), nullable=False),
    Column("kind", Name(64), nullable=False),
    Column("title", Name(255), nullable=False),
    Column("content", Long(), nullable=False),
    Column("places", Long(), nullable=False),
    Column("revid", Revid(), nullable=False),
    Column("edited", UTCDateTime, nullable=False),
    Column("since", UTCDateTime, nullable=False),
    Column("until", UTCDateTime),
    Index("page_records_by_page", "page", "site"),
    **_IN_MARIADB,
)
"""One row a version of a record of the register; `page` is its page's number, `content` its values
and `places` their lines, as JSON. It is what stood there `since` then, `until` another came or the
page went (null: it stands there now)."""

answers = Table(
    "answers",
    metadata,
    Column("bot", Name(64), primary_key=True),
    Column("row", Name(64), primary_key=True),
    Column("answer", Name(32), nullable=False),
    Column("answered", UTCDateTime, nullable=False),
    **_IN_MARIADB,
)
"""What a partner answered to a row of the return file, by the row's own id."""

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bot", Name(64), nullable=False),
    Column("site", Name(64), nullable=False),
    Column("title", Name(255), nullable=False),
    Column("slot", Name(255), nullable=False),
    Column("pair", Name(64), nullable=False),
    Column("choice", Name(32), nullable=False),
    Column("user", Name(255), nullable=False),
    Column("revid", Revid(), nullable=False),
    Column("decided", UTCDateTime, nullable=False),
    UniqueConstraint("bot", "site", "title", "slot", "pair", name="decisions_once"),
    **_IN_MARIADB,
)
"""What a person decided about one slot, for one pair of (theirs, ours), by which edit."""

leases = Table(
    "leases",
    metadata,
    Column("name", Name(64), primary_key=True),
    Column("holder", Name(255), nullable=False),
    Column("since", UTCDateTime, nullable=False),
    Column("expires", UTCDateTime, nullable=False),
    **_IN_MARIADB,
)
"""Who may run a bot now, until when."""

stops = Table(
    "stops",
    metadata,
    Column("bot", Name(64), primary_key=True),
    Column("checked", UTCDateTime, nullable=False),
    Column("site", Name(64), nullable=False),
    Column("title", Name(255), nullable=False),
    Column("stopped", Integer, nullable=False),
    Column("user", Name(255), nullable=False),
    Column("since", UTCDateTime),
    Column("revid", Revid(), nullable=False),
    Column("text", Long(), nullable=False),
    **_IN_MARIADB,
)
"""The stop pages as a bot last saw them: one row a bot."""
