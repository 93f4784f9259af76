"""What our account did to items for one dataset, read from the wiki when the store is lost."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from bots.core.entityundo import Step
from bots.core.ports import Progress, silent
from bots.core.wikibase.model import Entity, Item, Redirect, entity_type
from bots.wiki.contributions import Contribution, contributions, created, of_bot
from bots.wiki.desk import Desk
from bots.wiki.entities import Latest

_AT_ONCE = 50
"""Items that are read together: of each, every edit's two revisions are held, whole."""

_BATCH = 5_000
_KEY = re.compile(r"\b[0-9a-f]{12}\b(/\d+)?")


@dataclass(frozen=True, kw_only=True)
class OurEdit:
    """One edit of the dataset's on an item: the item just before it and just after.

    - `before` and `after`: None where the wiki hides them; `before` also where the edit made the
      item (`made`).
    - `receipt`: run and edit, as the summary tells them; "" where it is hidden. `undoes`: the run
      that this one took back, "" for none.
    """

    revid: int
    timestamp: datetime
    receipt: str
    undoes: str
    made: bool
    before: Entity | None
    after: Entity | None

    @property
    def run(self) -> str:
        """The run that made it; "" where that is hidden."""
        return self.receipt.partition("/")[0]


@dataclass(frozen=True, kw_only=True)
class Worked:
    """An item that the dataset's bot has edited, and all its edits, the first one first.

    - `revid`: the item's newest revision; None: it is deleted. `moved_to`: the item into which
      people have merged it, whose revision that then is.
    - `edits`: () of an item that it made and that is deleted: nothing but `summary`, of the edit
      that made it, is known.
    """

    item: str
    revid: int | None
    moved_to: str = ""
    edits: tuple[OurEdit, ...] = ()
    summary: str = ""

    @property
    def told(self) -> Iterator[tuple[OurEdit, Step]]:
        """The edits as far as the wiki tells them, each with the item before and after it."""
        for each in self.edits:
            before = Item() if each.made else each.before
            if before is not None and each.after is not None:
                yield each, Step(before, each.after)

    @property
    def undone(self) -> frozenset[str]:
        """The runs that were taken back here, and not by a run that was taken back itself."""
        runs: set[str] = set()
        for each in reversed(self.edits):
            if each.undoes and each.run not in runs:
                runs.add(each.undoes)
        return frozenset(runs)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The same without what the wiki says of the edits, for `written`."""
        return tuple(step for _, step in self.told)

    @property
    def is_told(self) -> bool:
        """Whether the wiki tells all that we did there."""
        return bool(self.edits) and all(
            each.after is not None and (each.made or each.before is not None) for each in self.edits
        )


def has_contributions(desk: Desk, site: str, bot: str) -> bool:
    """Whether our account has edited items for this dataset: then a store without bases is lost.

    One request where the newest of our edits are; as many as it takes where other bots of the
    account have made more since. Raises `NotReachedError`.
    """
    wiki, namespace = desk.wikis[site], _namespace(desk, site)
    is_own = of_bot(wiki, bot)
    if any(is_own(each) for each in contributions(wiki, namespace)):
        return True
    return any(is_own(each) for each in created(wiki, namespace))


def worked(
    desk: Desk,
    site: str,
    bot: str,
    is_done: Callable[[str], bool] = lambda _item: False,
    progress: Progress = silent,
) -> Iterator[Worked]:
    """Each item that the dataset's bot edited or made, deleted ones too, in no certain order.

    All our contributions are read first, into a temporary file; then the items, but for those that
    `is_done` says a rebuilding that was cut short has done. An edit whose summary is hidden counts
    as this dataset's on an item that it has edited besides. Raises `NotReachedError`.
    """
    with closing(sqlite3.connect("")) as scratch:
        scratch.execute(
            "create table edit (item text, revid int, parent int, time text, comment text,"
            " primary key (item, revid)) without rowid"
        )
        _gather(scratch, desk, site, bot, progress)
        total = scratch.execute("select count(distinct item) from edit").fetchone()[0]
        done = 0
        while batch := _next(scratch):
            wanted = {item: edits for item, edits in batch.items() if not is_done(item)}
            yield from _read(desk, site, wanted)
            done += len(batch)
            progress("rebuild", done, total)


_Told = Mapping[str, list[Contribution]]


def _gather(
    scratch: sqlite3.Connection, desk: Desk, site: str, bot: str, progress: Progress
) -> None:
    """The dataset's edits, and those that may be; an item without one of the former is dropped."""
    wiki, namespace = desk.wikis[site], _namespace(desk, site)
    is_own, entities = of_bot(wiki, bot), desk.entities(site)
    scratch.execute("create table own (item text primary key) without rowid")

    def rows() -> Iterator[Contribution]:
        read = 0
        for listed in (contributions(wiki, namespace), created(wiki, namespace)):
            for each in listed:
                read += 1
                if read % _BATCH == 0:
                    progress("contributions", read, None)
                item = each.title.rpartition(":")[2]
                if entity_type(item) != "item" or entities.title(item) != each.title:
                    continue
                if each.hidden or is_own(each):
                    yield each

    for each in rows():
        item = each.title.rpartition(":")[2]
        row = (item, each.revid, each.parent, each.timestamp.isoformat(), each.comment)
        scratch.execute("insert or ignore into edit values (?, ?, ?, ?, ?)", row)
        if not each.hidden:
            scratch.execute("insert or ignore into own values (?)", (item,))
    scratch.execute("delete from edit where item not in (select item from own)")
    # Of a page that is still there, the contributions tell more than the log does.
    scratch.execute(
        "delete from edit where revid = 0 and item in (select item from edit where revid != 0)"
    )


def _next(scratch: sqlite3.Connection) -> dict[str, list[Contribution]]:
    """Some items with their edits, the first one first, which are taken out."""
    items = scratch.execute(f"select distinct item from edit limit {_AT_ONCE}").fetchall()  # noqa: S608
    batch: dict[str, list[Contribution]] = {}
    for (item,) in items:
        rows = scratch.execute("select * from edit where item = ? order by revid", (item,))
        batch[item] = [
            Contribution(
                revid=revid,
                parent=parent,
                title=item,
                timestamp=datetime.fromisoformat(time),
                comment=comment,
            )
            for _, revid, parent, time, comment in rows
        ]
    scratch.executemany("delete from edit where item = ?", items)
    return batch


def _read(desk: Desk, site: str, edits: _Told) -> Iterator[Worked]:
    entities = desk.entities(site)
    gone = {item: told[0] for item, told in edits.items() if told[0].revid == 0}
    yield from (Worked(item=item, revid=None, summary=each.comment) for item, each in gone.items())
    here = {item: told for item, told in edits.items() if item not in gone}
    if not here:
        return
    numbers = {
        number
        for told in here.values()
        for each in told
        for number in (each.revid, each.parent)
        if number
    }
    contents = dict(entities.old(numbers))
    for latest in entities.latest(here):
        yield _worked(latest, here[latest.id], contents)


def _worked(
    latest: Latest, told: Iterable[Contribution], contents: Mapping[int, Entity | Redirect | None]
) -> Worked:
    return Worked(
        item=latest.id,
        revid=latest.revid,
        moved_to=latest.target,
        edits=tuple(_edit(each, contents) for each in told),
    )


def _edit(each: Contribution, contents: Mapping[int, Entity | Redirect | None]) -> OurEdit:
    before, after = contents.get(each.parent), contents.get(each.revid)
    receipt, undoes = _keys(each.comment)
    return OurEdit(
        revid=each.revid,
        timestamp=each.timestamp,
        receipt=receipt,
        undoes=undoes,
        made=each.parent == 0,
        before=before if isinstance(before, Entity) else None,
        after=after if isinstance(after, Entity) else None,
    )


def _keys(summary: str) -> tuple[str, str]:
    """The edit's receipt, and the run that it undoes, which its words name before."""
    found = list(_KEY.finditer(summary))
    receipt = next((each for each in reversed(found) if each[1]), None)
    if receipt is None:
        return "", ""
    undone = [each[0] for each in found if not each[1] and each.start() < receipt.start()]
    return receipt[0], undone[0] if undone else ""


def _namespace(desk: Desk, site: str) -> int:
    return desk.wikis[site].namespace(desk.entities(site).title("Q1"))[0]
