"""Gathers what a run did, page by page, and how these pages are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from bots.core.apply import RESTORES
from bots.core.entitychange import EntityChange
from bots.core.entityundo import Step
from bots.core.plan import JSON, Target
from bots.core.ports import Progress
from bots.core.store import Run, SpooledEdit, Store
from bots.core.wikibase.model import Entity, Missing, Redirect
from bots.undoing.plan import Seen, SeenEntity, SeenPage
from bots.wiki.desk import Desk
from bots.wiki.pages import Page
from bots.wiki.revisions import Old, editors, revisions

Edits = Sequence[SpooledEdit]

_AT_ONCE = 50
"""Pages that are read together: of an item, each edit's two revisions are held, whole."""


def read(desk: Desk, store: Store, run: Run, progress: Progress) -> Iterator[Seen]:
    """What the run saved, read as it is asked for: 50 pages at once. Raises `NotReachedError`."""
    # What we write below our own user page reports, and is not what is to be undone.
    reports = f"User:{desk.wikis.config.account}/"
    saved = ((target, _own(edits)) for target, edits in store.saved(run))
    wanted = (
        (target, edits) for target, edits in saved if edits and not target.title.startswith(reports)
    )
    done = 0
    while batch := dict(islice(wanted, _AT_ONCE)):
        yield from _read(desk, store, run, batch)
        done += len(batch)
        progress("read", done, None)


def read_again(desk: Desk, store: Store, run: Run, target: Target) -> Iterator[Seen]:
    """The same of one page. Raises `NotReachedError`."""
    return _read(desk, store, run, {target: _own(store.saved_on(run, target))})


def _read(desk: Desk, store: Store, run: Run, edits: Mapping[Target, Edits]) -> Iterator[Seen]:
    for site in dict.fromkeys(target.site for target in edits):
        here = {target: each for target, each in edits.items() if target.site == site}
        forgotten = [target for target, each in here.items() if any(e.edit is None for e in each)]
        yield from (Seen(target=target, fault="undo-forgotten") for target in forgotten)
        known = {target: each for target, each in here.items() if target not in forgotten}
        items = {target: each for target, each in known.items() if _is_entity(each)}
        pages = {target: each for target, each in known.items() if target not in items}
        if items:
            yield from _entities(desk, store, run, site, items)
        if pages:
            yield from _pages(desk, store, run, site, pages)


def _own(edits: Edits) -> Edits:
    """The bot's own edits of one page: what people wrote, and is brought back, is not undone."""
    return [each for each in edits if each.revid and not each.key.startswith(RESTORES)]


def _is_entity(edits: Edits) -> bool:
    return any(each.edit and isinstance(each.edit.change, EntityChange) for each in edits)


def _revids(edits: Edits) -> list[int]:
    return [each.revid for each in edits if each.revid]


def _entities(
    desk: Desk, store: Store, run: Run, site: str, edits: Mapping[Target, Edits]
) -> Iterator[Seen]:
    entities = desk.entities(site)
    parents = _told(desk, site, edits.values())
    wanted = {number for old in parents.values() for number in (old.revid, old.parent) if number}
    contents = dict(entities.old(wanted))
    ids = {target.title.rpartition(":")[2]: target for target in edits}
    for entity_id, now in entities.read(ids):
        target = ids[entity_id]
        match now:
            case Missing():
                continue
            case Redirect():
                yield Seen(target=target, fault="undo-merged", about=now.target)
                continue
        yield _entity(desk, store, run, target, edits[target], now, parents, contents)


def _entity(
    desk: Desk,
    store: Store,
    run: Run,
    target: Target,
    edits: Edits,
    now: Entity,
    parents: Mapping[int, Old],
    contents: Mapping[int, Entity | Redirect | None],
) -> Seen:
    numbers = _revids(edits)
    if any(number not in parents for number in numbers):
        return Seen(target=target, fault="undo-hidden")
    made = parents[numbers[0]].parent == 0
    others: tuple[str, ...] = ()
    if made or now.revision != numbers[-1]:
        since = numbers[0] if made else numbers[-1]
        others = _others(desk, target, since, None if made else numbers[-1])
    if made:
        return SeenEntity(target=target, made=True, others=others)
    steps = []
    for number in reversed(numbers):
        before, after = contents.get(parents[number].parent), contents.get(number)
        if not isinstance(before, Entity) or not isinstance(after, Entity):
            return Seen(target=target, fault="undo-hidden")
        steps.append(Step(before, after))
    slots = _slots(store, run, target, edits)
    return SeenEntity(target=target, steps=tuple(steps), now=now, others=others, slots=slots)


def _pages(
    desk: Desk, store: Store, run: Run, site: str, edits: Mapping[Target, Edits]
) -> Iterator[Seen]:
    parents = _told(desk, site, edits.values())
    told = [target for target, each in edits.items() if parents.keys() >= {*_revids(each)}]
    firsts = {target: parents[_revids(edits[target])[0]].parent for target in told}
    texts = revisions(desk.wikis[site], filter(None, firsts.values()), texts=True)
    for page in desk.read_pages(site, [target.title for target in edits]):
        target = Target(site, page.asked)
        if not page.exists:
            continue
        if page.fault or target not in firsts:
            yield Seen(target=target, fault="undo-hidden")
        elif firsts[target] == 0:
            others = _others(desk, target, _revids(edits[target])[0], None)
            yield SeenPage(target=target, made=True, others=others)
        else:
            yield _page(desk, store, run, page, edits[target], parents, texts.get(firsts[target]))


def _page(
    desk: Desk,
    store: Store,
    run: Run,
    page: Page,
    edits: Edits,
    parents: Mapping[int, Old],
    before: Old | None,
) -> Seen:
    target = Target(page.target.site, page.asked)
    if before is None or before.text is None:
        return Seen(target=target, fault="undo-hidden")
    change = page.change(before.text)
    standing = page.revid
    for number in reversed(_revids(edits)):
        if number != standing and not change.is_empty:
            last = _revids(edits)[-1]
            others = _others(desk, target, last, last)
            return SeenPage(target=target, touched=True, others=others)
        standing = parents[number].parent
    return SeenPage(target=target, change=change, slots=_slots(store, run, target, edits))


def _told(desk: Desk, site: str, edits: Iterable[Edits]) -> dict[int, Old]:
    return revisions(desk.wikis[site], [number for each in edits for number in _revids(each)])


def _others(desk: Desk, target: Target, since: int, but: int | None) -> tuple[str, ...]:
    """Who edited the page from revision `since` on, without that one if it is `but`.

    `but` None: without HubBot.
    """
    wiki = desk.wikis[target.site]
    return tuple(
        dict.fromkeys(
            user or "?"
            for revid, user in editors(wiki, target.title, since)
            if (revid != but if but else user != wiki.account.name)
        )
    )


def _slots(store: Store, run: Run, target: Target, edits: Edits) -> dict[str, tuple[JSON, JSON]]:
    """What the run changed of the base, where nothing has changed it since."""
    left: dict[str, JSON] = {}
    was: dict[str, JSON] = {}
    for each in edits:
        for slot, value in each.was.items():
            was.setdefault(slot, value)
            left[slot] = each.edit.leaves.get(slot) if each.edit else None
    known = store.base(run.bot, target)
    return {slot: (left[slot], was[slot]) for slot in was if known.get(slot) == left[slot]}
