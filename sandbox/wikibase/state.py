"""All that is on the stand-in wiki: pages, revisions, redirects, deletions, in SQLite.

Contents are kept as JSON texts, exactly; what is read comes parsed and is shared, so it must not be
changed: `copy.deepcopy` it first. One lock guards everything, so a State may be used from the
server's thread and a test's at once; `with state.lock:` makes several calls one.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.wikibase import entities, indexes
from sandbox.wikibase.phpjson import dumps, loads
from sandbox.wikibase.refusals import Refusal

ITEM_MODEL, PROPERTY_MODEL, WIKITEXT = "wikibase-item", "wikibase-property", "wikitext"
MEDIAINFO_MODEL = "wikibase-mediainfo"
_PARSED = 4096
"""How many revisions are kept parsed."""

_TABLES = """
create table if not exists page (
    id integer primary key, ns integer, title text unique, entity text unique, model text,
    latest integer, redirect text, gone integer default 0, protection text default '{}');
create table if not exists revision (
    id integer primary key autoincrement, page integer, parent integer, user_id integer,
    user text, time text, comment text, minor integer, bot integer, tags text, content text,
    size integer, sha1 text, model text);
create index if not exists revision_page on revision (page, id);
create index if not exists revision_user on revision (user, id);
create table if not exists log (
    id integer primary key autoincrement, type text, action text, title text, user text,
    time text, comment text);
create table if not exists counter (name text primary key, value integer);
"""


@dataclass(frozen=True)
class Page:
    """A page; `entity` is its id if it holds one, `redirect` the id it leads to, if any.

    `protection` is {action: group}, `deleted` says that only its history is left.
    """

    id: int
    ns: int
    title: str
    entity: str | None
    model: str
    latest: int
    redirect: str | None
    deleted: bool
    protection: Mapping[str, str]


@dataclass(frozen=True)
class Revision:
    """One revision; `parent` is 0 for a page's first, `time` like 2026-11-20T23:52:24Z."""

    id: int
    page: int
    parent: int
    user_id: int
    user: str
    time: str
    comment: str
    minor: bool
    bot: bool
    tags: tuple[str, ...]
    content: str
    size: int
    sha1: str
    model: str


@dataclass(frozen=True)
class Author:
    """Who saves: id 0 and the IP address for whoever is not logged in."""

    id: int
    name: str


SEEDER = Author(1, "Admin")


class State:
    """A wiki's content. `path` is a file, or `:memory:`; `now` gives the time of an edit."""

    def __init__(self, path: str = ":memory:", now: Callable[[], datetime] | None = None) -> None:
        self.lock = threading.RLock()
        self.now = now or (lambda: datetime.now(UTC))
        self.before_save: list[Callable[[str], None]] = []
        """Called with the entity's id between reading and saving; each is called once."""
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.execute("pragma journal_mode = wal")
        self.db.execute("pragma synchronous = off")
        self.db.executescript(_TABLES + indexes.TABLES)
        self._parsed: OrderedDict[int, Any] = OrderedDict()

    def close(self) -> None:
        """End it; what is in a file stays there."""
        with self.lock:
            self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything in the block or nothing of it; for seeding many entities at once, too."""
        with self.lock:
            if self.db.in_transaction:
                yield
                return
            self.db.execute("begin")
            try:
                yield
            except BaseException:
                self.db.execute("rollback")
                self._parsed.clear()
                raise
            self.db.execute("commit")

    # reading

    def page(self, entity: str) -> Page | None:
        """The page of an entity, also of one that is deleted or a redirect."""
        return self._page("entity = ?", entity)

    def page_titled(self, title: str) -> Page | None:
        """The page with a full title, such as Property:P31."""
        return self._page("title = ?", title)

    def page_by_id(self, number: int) -> Page | None:
        """The page with a page id."""
        return self._page("id = ?", number)

    def exists(self, entity: str) -> bool:
        """Whether there is such an entity, not deleted and no redirect."""
        page = self.page(entity)
        return page is not None and not page.deleted and page.redirect is None

    def resolve(self, entity: str) -> str:
        """The id where a redirect leads, or the same id."""
        page = self.page(entity)
        return page.redirect if page and page.redirect and not page.deleted else entity

    def entity(self, entity: str) -> tuple[Revision, Mapping[str, Any]]:
        """The latest revision of an entity and its content; redirects are not followed.

        Raises Refusal: no-such-entity, or redirected (fact `target`).
        """
        page = self.page(entity)
        if page is None or page.deleted:
            raise Refusal("no-such-entity", entity=entity)
        if page.redirect is not None:
            raise Refusal("redirected", entity=entity, target=page.redirect)
        revision = self.revision(page.latest)
        if revision is None:
            raise Refusal("no-such-entity", entity=entity)
        return revision, self.content(revision)

    def datatype(self, prop: str) -> str | None:
        """The data type of a property, None where there is no such property."""
        row = self.first("select datatype from property where entity = ?", prop)
        return str(row[0]) if row else None

    def linked(self, site: str, title: str) -> str | None:
        """The entity that has a sitelink, if one has."""
        row = self.first("select entity from sitelink where site = ? and title = ?", site, title)
        return str(row[0]) if row else None

    def revision(self, number: int) -> Revision | None:
        """The revision with that number, also one of a deleted page."""
        row = self.first(f"select {_REVISION} from revision where id = ?", number)  # noqa: S608
        return _revision(row) if row else None

    def content(self, revision: Revision) -> Any:
        """A revision's content, parsed: an entity as Wikibase keeps it; shared, so leave it be."""
        with self.lock:
            if revision.id not in self._parsed:
                entity = revision.model != WIKITEXT
                content = entities.decode(revision.content) if entity else revision.content
                self._parsed[revision.id] = content
                while len(self._parsed) > _PARSED:
                    self._parsed.popitem(last=False)
            return self._parsed[revision.id]

    def history(self, page: int) -> list[Revision]:
        """A page's revisions, newest first."""
        rows = self.rows(f"select {_REVISION} from revision where page = ? order by id desc", page)  # noqa: S608
        return [_revision(row) for row in rows]

    def select_revisions(self, where: str, *values: Any) -> list[tuple[Revision, Page]]:
        """Revisions with their pages by a condition of ours over `r.` and `p.` columns."""
        columns = ", ".join(f"r.{name}" for name in _REVISION.split(", "))
        rows = self.rows(
            f"select {columns}, {_page_columns('p')} from revision r join page p"  # noqa: S608
            f" on p.id = r.page where {where}",
            *values,
        )
        return [(_revision(row[:14]), _to_page(row[14:])) for row in rows]

    def count(self, table: str, where: str, *values: Any) -> int:
        """How many rows of page, revision or log fulfil a condition of ours."""
        row = self.first(f"select count(*) from {table} where {where}", *values)  # noqa: S608
        return int(row[0]) if row else 0

    def add_tag(self, revision: int, tag: str) -> None:
        """Put a tag on a revision that was made before, as MediaWiki does with mw-reverted."""
        with self.lock:
            self._do(
                "update revision set tags = trim(tags || ' ' || ?) where id = ?", tag, revision
            )

    # writing

    def new_id(self, kind: str) -> str:
        """The next free id of a kind: Q, P or M."""
        with self.lock:
            row = self.first("select value from counter where name = ?", kind)
            number = (row[0] if row else 0) + 1
            while self.page(f"{kind}{number}") is not None:
                number += 1
            self._count(kind, number)
            return f"{kind}{number}"

    def save(
        self,
        entity: str,
        content: Mapping[str, Any],
        author: Author,
        comment: str,
        *,
        expected: int,
        bot: bool = False,
        minor: bool = False,
        tags: Iterable[str] = (),
    ) -> Revision:
        """Make a revision of an entity; its page is made if there is none.

        `expected` is the revision that this one is to follow, 0 for a new entity. Raises Refusal
        late-conflict where somebody else saved meanwhile.
        """
        while self.before_save:
            self.before_save.pop(0)(entity)
        text = entities.encode(content)
        size = entities.php_size(content)
        with self.transaction():
            page = self.page(entity) or self._make_page(entity)
            if (0 if page.deleted else page.latest) != expected:
                raise Refusal("late-conflict", entity=entity)
            revision = self._add(page, author, comment, (text, size), page.model, bot, minor, tags)
            redirect = content.get("redirect")
            if redirect != page.redirect:
                self._do("update page set redirect = ? where id = ?", redirect, page.id)
            indexes.renew(self.db, entity, {} if redirect else content)
        self._parsed[revision.id] = content
        return revision

    def save_text(
        self,
        title: str,
        text: str,
        author: Author,
        comment: str = "",
        *,
        ns: int = 0,
        bot: bool = False,
        minor: bool = False,
    ) -> Revision:
        """Make a revision of a page of wikitext with that full title, and the page, if need be."""
        with self.transaction():
            page = self.page_titled(title)
            if page is None:
                self._do("insert into page (ns, title, model) values (?, ?, 'wikitext')", ns, title)
                page = self.page_titled(title)
            if page is None:
                raise LookupError(title)
            sized = (text, len(text.encode("utf-8", "surrogatepass")))
            return self._add(page, author, comment, sized, WIKITEXT, bot, minor, ())

    def delete(self, title: str, author: Author, reason: str) -> int:
        """Delete a page, keeping its history; the number of the log entry."""
        with self.transaction():
            page = self.page_titled(title)
            if page is None or page.deleted:
                raise Refusal("missing-title", title=title)
            self._do("update page set gone = 1 where id = ?", page.id)
            if page.entity:
                indexes.renew(self.db, page.entity, {})
            return self._log("delete", "delete", title, author, reason)

    def undelete(self, title: str, author: Author, reason: str) -> int:
        """Bring a deleted page back; how many revisions it has."""
        with self.transaction():
            page = self.page_titled(title)
            if page is None or not page.deleted:
                raise Refusal("cannot-undelete", title=title)
            self._do("update page set gone = 0 where id = ?", page.id)
            latest = self.revision(page.latest)
            if page.entity and latest and page.redirect is None:
                indexes.renew(self.db, page.entity, self.content(latest))
            self._log("delete", "restore", title, author, reason)
            return len(self.history(page.id))

    def protect(self, title: str, levels: Mapping[str, str], author: Author, reason: str) -> None:
        """Let only a group act on a page: `{"edit": "sysop"}`; `{}` lifts it."""
        with self.transaction():
            self._do("update page set protection = ? where title = ?", dumps(dict(levels)), title)
            self._log("protect", "protect", title, author, reason)

    def seed(self, entity: Mapping[str, Any], author: Author = SEEDER) -> Revision:
        """Put an entity, in Wikibase's JSON, on the wiki under the number that it has.

        Nothing is checked, hashes are made. An entity that is there gets a new revision.
        """
        content = entities.stored(entity)
        page = self.page(content["id"])
        expected = page.latest if page and not page.deleted else 0
        comment = "/* wbeditentity-create:2|en */ seeded"
        with self.transaction():
            self._count(content["id"][0], int(content["id"][1:]))
            return self.save(content["id"], content, author, comment, expected=expected)

    # helpers

    def _make_page(self, entity: str) -> Page:
        ns, title, model = place_of(entity)
        self._do(
            "insert into page (ns, title, entity, model, latest) values (?, ?, ?, ?, 0)",
            ns, title, entity, model,
        )  # fmt: skip
        page = self.page(entity)
        if page is None:
            raise LookupError(entity)
        return page

    def _add(
        self,
        page: Page,
        author: Author,
        comment: str,
        sized: tuple[str, int],
        model: str,
        bot: bool,
        minor: bool,
        tags: Iterable[str],
    ) -> Revision:
        text, size = sized
        data = text.encode("utf-8", "surrogatepass")
        sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        parent = 0 if page.deleted else page.latest
        labels = list(tags)
        if not labels and self._restores(page, sha1):
            labels.append("mw-manual-revert")
        time = self._time()
        values = (
            page.id, parent, author.id, author.name, time,
            comment, minor, bot, " ".join(labels), text, size, sha1, model,
        )  # fmt: skip
        number = self._do(
            "insert into revision (page, parent, user_id, user, time, comment, minor, bot, tags,"
            " content, size, sha1, model) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *values,
        )
        self._do("update page set latest = ?, gone = 0 where id = ?", number, page.id)
        if parent == 0:
            self._log("create", "create", page.title, author, comment, time)
        return _revision((number, *values))

    def _restores(self, page: Page, sha1: str) -> bool:
        """Whether a page had exactly this content up to 15 edits ago, but not just now."""
        rows = self.rows(
            "select sha1 from revision where page = ? order by id desc limit 16", page.id
        )
        return bool(rows) and rows[0][0] != sha1 and (sha1,) in rows

    def _log(
        self, kind: str, action: str, title: str, author: Author, comment: str, time: str = ""
    ) -> int:
        return self._do(
            "insert into log (type, action, title, user, time, comment) values (?, ?, ?, ?, ?, ?)",
            kind, action, title, author.name, time or self._time(), comment,
        )  # fmt: skip

    def _time(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def _count(self, kind: str, number: int) -> None:
        self._do(
            "insert into counter values (?, ?) on conflict (name) do update"
            " set value = max(value, excluded.value)",
            kind, number,
        )  # fmt: skip

    def _page(self, where: str, value: Any) -> Page | None:
        row = self.first(f"select {_page_columns('page')} from page where {where}", value)  # noqa: S608
        return _to_page(row) if row else None

    def first(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row that a query of ours finds."""
        with self.lock:
            row: tuple[Any, ...] | None = self.db.execute(sql, values).fetchone()
            return row

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query of ours over the tables and indexes finds."""
        with self.lock:
            return self.db.execute(sql, values).fetchall()

    def _do(self, sql: str, *values: Any) -> int:
        return self.db.execute(sql, values).lastrowid or 0


_REVISION = (
    "id, page, parent, user_id, user, time, comment, minor, bot, tags, content, size, sha1, model"
)
NAMESPACES = {
    -2: "Media", -1: "Special", 0: "", 1: "Talk", 2: "User", 3: "User talk", 4: "Project",
    5: "Project talk", 6: "File", 7: "File talk", 8: "MediaWiki", 9: "MediaWiki talk",
    10: "Template", 11: "Template talk", 12: "Help", 13: "Help talk", 14: "Category",
    15: "Category talk", 120: "Property", 121: "Property talk",
}  # fmt: skip


def place_of(entity: str) -> tuple[int, str, str]:
    """Namespace, full title and content model of an entity's page."""
    if entity[0] == "P":
        return 120, f"Property:{entity}", PROPERTY_MODEL
    if entity[0] == "M":
        return 6, f"File:{entity}.jpg", MEDIAINFO_MODEL
    return 0, entity, ITEM_MODEL


def _page_columns(table: str) -> str:
    columns = ("id", "ns", "title", "entity", "model", "latest", "redirect", "gone", "protection")
    return ", ".join(f"{table}.{name}" for name in columns)


def _to_page(row: tuple[Any, ...]) -> Page:
    protection = loads(row[8]) if row[8] != "{}" else {}
    number, ns, title, entity, model, latest, redirect, gone = row[:8]
    return Page(number, ns, title, entity, model, latest or 0, redirect, bool(gone), protection)


def _revision(row: tuple[Any, ...]) -> Revision:
    number, page, parent, user_id, user, time, comment, minor, bot, tags = row[:10]
    content, size, sha1, model = row[10:]
    return Revision(
        number, page, parent, user_id, user, time, comment, bool(minor), bool(bot),
        tuple(tags.split()), content, size, sha1, model,
    )  # fmt: skip
