"""What people decided on a dataset's pages: who wrote it, and whether it counts.

Beyond the pages, nothing is asked of the wiki but for decisions that the store does not know yet;
and for one that nobody trusted has made, not again before its page is edited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bots.core.config import HubConfig
from bots.core.merge.facts import Word
from bots.core.messages import Message, Param
from bots.core.outcome import Failed, NotReachedError
from bots.core.plan import Finding, Judged, Target
from bots.core.ports import Author, Desk, PageRead
from bots.core.store import Decision, Store
from bots.datasets.feedback.conflictpage import MOST_PAGES, page_title, revisions_before
from bots.datasets.feedback.rows import (
    WORDS,
    RowDecision,
    RowKey,
    decisions_in,
    rows_in,
    words_in,
)
from bots.wiki.desk import Desk as WikiDesk
from bots.wiki.pages import Page

LOOKED = "looked"
"""The slot of a page's base with the rows whose decision nobody trusted had made, and in which
revision of the page: {"revid": 7, "rows": [the rows' short keys]}."""


@dataclass(frozen=True)
class _Place:
    """A row on a page; the decision there, "" while it waits, and what the store knows of it."""

    page: Target
    key: RowKey
    decision: RowDecision | None
    known: Decision | None

    @property
    def is_news(self) -> bool:
        """Whether the store does not know it so."""
        word = self.decision.word if self.decision else None
        return self.known is None or word is None or self.known.choice != word.value


def read_report_pages(desk: WikiDesk, config: HubConfig, dataset: str) -> dict[str, Page]:
    """The dataset's pages, by their titles as `page_title` gives them; one request.

    Raises `NotReachedError`, also where a page is there and can't be read.
    """
    titles = [page_title(config, dataset, number) for number in range(1, MOST_PAGES + 1)]
    pages = {page.asked: page for page in desk.read_pages(config.hub, titles)}
    for page in pages.values():
        if page.fault:
            raise NotReachedError(Failed(code="unreadable", info=f"{page.target}: {page.fault}"))
    return pages


def read_decisions(
    desk: Desk,
    store: Store,
    config: HubConfig,
    dataset: str,
    site: str,
    partner_accounts: Collection[str],
    pages: Mapping[str, PageRead],
    now: datetime,
) -> tuple[list[Decision], list[Finding | Judged]]:
    """The decisions in force about a dataset's differences, and what is wrong with others.

    `site` is where the items are, `pages` are those of `conflictpage`, by title, as they are now.
    A new decision goes into the store; one that was taken back while its row stands is taken out.
    Raises `NotReachedError`.
    """
    findings: list[Finding | Judged] = []
    partner = {_account(name) for name in (*partner_accounts, config.account)}
    places = [each for each in _places(store, config, dataset, site, pages) if each.is_news]
    new = [each for each in places if not _is_looked_at(store, dataset, each, pages)]
    authors = _authors(desk, dataset, new)
    if new:
        findings += _looked(places, authors, pages)
    for place in places:
        row, decided = place.decision, None
        if row is not None:
            author = authors.get((row.key, row.word)) if row.word else None
            decided, why = _judge(config, dataset, site, partner, author, row, now)
            if why is not None:
                findings.append(Finding(target=place.page, message=why, where=_where(row)))
        if decided is not None:
            store.decide(decided)
        elif place.known is not None:
            store.undecide(place.known)
    return store.decisions(dataset), findings


def _places(
    store: Store, config: HubConfig, dataset: str, site: str, pages: Mapping[str, PageRead]
) -> Iterator[_Place]:
    known = {
        RowKey(each.target.title, each.slot, each.pair): each
        for each in store.decisions(dataset)
        if each.target.site == site
    }
    for title, page in pages.items():
        if page.text is None:
            continue
        target = Target(config.hub, title)
        given = {each.key: each for each in decisions_in(page.text, dataset)}
        # A decision from before the row was put there has been carried out, and undone by people.
        since = revisions_before(store.base(dataset, target))
        for key in dict.fromkeys(row.key for row in rows_in(page.text, dataset)):
            before = known.get(key)
            if before is not None and before.revid <= since.get(key.short, 0):
                store.undecide(before)
                before = None
            if key in given or before is not None:
                yield _Place(target, key, given.get(key), before)


def _is_looked_at(store: Store, dataset: str, place: _Place, pages: Mapping[str, PageRead]) -> bool:
    """Whether nobody trusted had made this decision when the page was just as it is."""
    known = store.base(dataset, place.page).get(LOOKED) or {}
    waits = place.key.short in known.get("rows", ())
    return waits and known["revid"] == pages[place.page.title].revid


def _looked(
    places: Iterable[_Place],
    authors: Collection[tuple[RowKey, Word]],
    pages: Mapping[str, PageRead],
) -> Iterator[Judged]:
    """What to remember of the decisions that nobody trusted has made."""
    waiting: dict[Target, list[str]] = {}
    for each in places:
        row = each.decision
        if row is not None and row.word is not None and (row.key, row.word) not in authors:
            waiting.setdefault(each.page, []).append(each.key.short)
    for page, rows in waiting.items():
        yield Judged(target=page, leaves={LOOKED: {"revid": pages[page.title].revid, "rows": rows}})


def _authors(
    desk: Desk, dataset: str, places: Iterable[_Place]
) -> dict[tuple[RowKey, Word], Author]:
    """Who of the trusted people made which decision; each page's history is read once."""
    wanted: dict[Target, list[tuple[RowKey, Word]]] = {}
    for place in places:
        row = place.decision
        if row is not None and row.word is not None:
            wanted.setdefault(place.page, []).append((row.key, row.word))
    found: dict[tuple[RowKey, Word], Author] = {}
    for page, rows in wanted.items():
        found |= desk.decided_by(page, rows, lambda text: words_in(text, dataset))
    return found


def _judge(
    config: HubConfig,
    dataset: str,
    site: str,
    partner: Collection[str],
    author: Author | None,
    row: RowDecision,
    now: datetime,
) -> tuple[Decision | None, Message | None]:
    """The decision if it counts, else why it doesn't."""
    line, groups = str(row.line), list(config.trusted_groups)
    if row.doubled:
        return None, Message("report-row-twice", {"line": line})
    if row.word is None:
        return None, _message("unknown", line=line, given=row.given[:100], list_words=[*WORDS])
    word = row.word.value
    if author is None:
        return None, _message("waits", line=line, word=word, list_groups=groups)
    if _account(author.user) in partner:
        params: dict[str, Param] = {"user": author.user, "list_groups": groups}
        return None, _message("partner", line=line, word=word, **params)
    return (
        Decision(
            bot=dataset,
            target=Target(site, row.item),
            slot=row.slot,
            pair=row.pair,
            choice=word,
            user=author.user,
            revid=author.revid,
            decided=now,
        ),
        None,
    )


def _message(key: str, **params: Param) -> Message:
    return Message(f"report-decision-{key}", params)


def _where(row: RowDecision) -> str:
    return f"{row.item} {row.slot}"


def _account(name: str) -> str:
    """A user's name as the wiki writes it."""
    spaced = " ".join(name.replace("_", " ").split())
    return spaced[:1].upper() + spaced[1:]
