"""What the partner can take home: what people corrected, and what they added on matched items."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from bots.core.config import SiteNumbers
from bots.core.merge.facts import UNKNOWN, Rank, Relation
from bots.core.plan import Target
from bots.core.wikibase.equality import canonical_snak
from bots.core.wikibase.model import Entity, Item, Snak, Statement, Text
from bots.datasets.differences import STANDS_AFTER
from bots.datasets.engine.claims import compare_snaks
from bots.datasets.engine.telling import column_text, reference_text
from bots.datasets.facts import Difference, Record, Said, StatementRule, TermKind
from bots.datasets.feedback.rowids import difference_row, row_id

IMAGE = "P18"
"""By Wikidata's number."""

_FILES = "https://commons.wikimedia.org/wiki/File:"
_PROJECTS = {
    "wiki": "wikipedia",
    **{
        name: name
        for name in (
            "wiktionary",
            "wikibooks",
            "wikinews",
            "wikiquote",
            "wikisource",
            "wikiversity",
            "wikivoyage",
        )
    },
}
_SITE = re.compile(rf"([a-z][a-z0-9_]*?)({'|'.join(_PROJECTS)})")
_OTHERS = {
    "commonswiki": "commons.wikimedia.org",
    "mediawikiwiki": "www.mediawiki.org",
    "metawiki": "meta.wikimedia.org",
    "sourceswiki": "wikisource.org",
    "specieswiki": "species.wikimedia.org",
    "wikidatawiki": "www.wikidata.org",
    "be_x_oldwiki": "be-tarask.wikipedia.org",
}


class Links(Protocol):
    """Where people see things; `bots.wiki.desk.Desk` offers it."""

    def page_url(self, target: Target) -> str: ...
    def diff_url(self, site: str, revid: int) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Matched:
    """A record with its item as it was read.

    - `key`: the values of the partner's key columns.
    - `differences`: those that are to be told.
    - `changed`: when the item was last edited, in UTC; None: not known.
    - `left`: the item's revision that we last left or judged; 0: none.
    """

    record: Record
    key: tuple[str, ...]
    item: Item
    differences: tuple[Difference, ...] = ()
    changed: datetime | None = None
    left: int = 0


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What is the same for all records of a dataset.

    `key_columns` are the partner's, `numbers` the site's, `labels` what people call properties
    and items, by id, and `answers` what the partner said of rows, by their ids.
    """

    dataset: str
    site: str
    key_columns: tuple[str, ...]
    links: Links
    now: datetime
    title: str = ""
    numbers: SiteNumbers = field(default_factory=SiteNumbers)
    labels: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Where the wiki says something else than the partner's field; None: the source has nothing.

    `diff_url` shows what people changed since HubBot last looked, or else the last edit.
    """

    row: str
    key: tuple[str, ...]
    field: str
    property: str
    label: str
    kind: str
    source_value: str | None
    wiki_value: tuple[str, ...]
    wiki_shown: tuple[str, ...]
    references: tuple[str, ...]
    item: str
    item_url: str
    diff_url: str
    changed: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Addition:
    """What people added.

    `kind`: label, alias, identifier, image, article, or value: of a field of the partner's, which
    `field` names. `code` is the language, the property or the wiki; `url` where it leads to.
    """

    row: str
    key: tuple[str, ...]
    kind: str
    code: str
    label: str
    field: str
    value: str
    url: str
    references: tuple[str, ...]
    item: str
    item_url: str
    changed: str
    answer: str


def corrections(matched: Matched, frame: Frame) -> Iterator[Correction]:
    """The differences, in the partner's own columns."""
    for each in matched.differences:
        row = difference_row(each)
        yield Correction(
            row=row,
            key=matched.key,
            field=each.column,
            property=each.property,
            label=frame.labels.get(each.property, ""),
            kind=each.kind,
            source_value=each.ours_value,
            wiki_value=each.wiki_values,
            wiki_shown=each.wiki,
            references=each.references,
            item=matched.item.id,
            item_url=_item_url(matched, frame),
            diff_url=_diff_url(matched, frame),
            changed=_day(matched.changed),
            answer=frame.answers.get(row, ""),
        )


def additions(matched: Matched, frame: Frame) -> Iterator[Addition]:
    """What people added; nothing of an item that was edited within the last 72 hours."""
    if matched.changed is not None and frame.now - matched.changed < STANDS_AFTER:
        return
    for found in _added(matched, frame):
        slot = f"{found.kind} {found.code}"
        row = row_id(matched.record.key, slot, found.kind, [found.value])
        yield Addition(
            row=row,
            key=matched.key,
            kind=found.kind,
            code=found.code,
            label=frame.labels.get(found.code, ""),
            field=found.field,
            value=found.value,
            url=found.url,
            references=found.references,
            item=matched.item.id,
            item_url=_item_url(matched, frame),
            changed=_day(matched.changed),
            answer=frame.answers.get(row, ""),
        )


@dataclass(frozen=True)
class _Found:
    kind: str
    code: str
    value: str
    url: str = ""
    field: str = ""
    references: tuple[str, ...] = ()


def _added(matched: Matched, frame: Frame) -> Iterator[_Found]:
    yield from _labels(matched.record, matched.item, matched.differences)
    yield from _aliases(matched.record, matched.item)
    for property_id, statements in matched.item.statements.items():
        standing = [
            each
            for each in statements
            if each.rank is not Rank.DEPRECATED and each.mainsnak.value is not None
        ]
        yield from _statements(matched, frame, property_id, standing)
    for link in matched.item.sitelinks.values():
        yield _Found("article", link.site, link.title, article_url(link.site, link.title))


def _labels(record: Record, item: Entity, differences: Iterable[Difference]) -> Iterator[_Found]:
    said = _texts(record, "label")
    if said is None:
        return
    told = {each.slot for each in differences}
    for language, text in item.labels.items():
        if text not in said.get(language, ()) and f"label/{language}" not in told:
            yield _Found("label", language, text)


def _aliases(record: Record, item: Entity) -> Iterator[_Found]:
    labels, aliases = _texts(record, "label"), _texts(record, "alias")
    if labels is None or aliases is None:
        return
    for language, texts in item.aliases.items():
        said = (*labels.get(language, ()), *aliases.get(language, ()))
        yield from (_Found("alias", language, text) for text in texts if text not in said)


def _texts(record: Record, kind: TermKind) -> Mapping[str, set[str]] | None:
    """Language → what the record says there; None: that can't be told."""
    found: dict[str, set[str]] = {}
    for said in record.terms:
        if said.rule.kind == kind:
            if said.texts is UNKNOWN:
                return None
            texts = found.setdefault(said.language, set())
            texts |= {unicodedata.normalize("NFC", text).strip() for text in said.texts}
    return found


def _statements(
    matched: Matched, frame: Frame, property_id: str, statements: Iterable[Statement]
) -> Iterator[_Found]:
    saids = [each for each in matched.record.statements if each.rule.property == property_id]
    if saids:
        told = any(each.property == property_id for each in matched.differences)
        if not told and not any(each.values is UNKNOWN for each in saids):
            yield from _values(matched.record, saids, statements)
        return
    if any(name == property_id for name, _ in matched.record.identifiers):
        return
    for each in statements:
        value = column_text(each.mainsnak)
        references = tuple(map(reference_text, each.references))
        if each.mainsnak.datatype == "external-id":
            yield _Found("identifier", property_id, value, references=references)
        elif property_id == frame.numbers.here(IMAGE) and isinstance(each.mainsnak.value, Text):
            url = _FILES + quote(value.replace(" ", "_"), safe="/:()',!")
            yield _Found("image", property_id, value, url, references=references)


def _values(
    record: Record, saids: Iterable[Said], statements: Iterable[Statement]
) -> Iterator[_Found]:
    """Values in a field of the partner's that its record does not give, and that are not ours."""
    rule = next(iter(saids)).rule
    given = [
        value.mainsnak for said in saids if said.values is not UNKNOWN for value in said.values
    ]
    for each in statements:
        if any(_same(each.mainsnak, value, rule) for value in given) or _cites_us(each, record):
            continue
        yield _Found(
            "value",
            rule.property,
            column_text(each.mainsnak),
            field=rule.column,
            references=tuple(map(reference_text, each.references)),
        )


def _same(theirs: Snak, ours: Snak, rule: StatementRule) -> bool:
    return compare_snaks(theirs, ours, rule.normalisers) is Relation.SAME


def _cites_us(statement: Statement, record: Record) -> bool:
    """Whether it cites the record by one of its identifiers: it was the record's once."""
    ours = {canonical_snak(Snak(name, Text(value))) for name, value in record.identifiers}
    return any(
        canonical_snak(snak) in ours
        for reference in statement.references
        for snak in reference.snaks
    )


def article_url(site: str, title: str) -> str:
    """The address of a page of Wikimedia's, such as nlwiki's; "" for a wiki not known by name."""
    host = _OTHERS.get(site)
    found = _SITE.fullmatch(site)
    if host is None and found is not None:
        host = f"{found[1].replace('_', '-')}.{_PROJECTS[found[2]]}.org"
    if host is None:
        return ""
    return f"https://{host}/wiki/{quote(title.replace(' ', '_'), safe='/:@!$*,;()')}"


def _item_url(matched: Matched, frame: Frame) -> str:
    return frame.links.page_url(Target(frame.site, matched.item.id))


def _diff_url(matched: Matched, frame: Frame) -> str:
    revision = matched.item.revision
    if revision is None:
        return ""
    url = frame.links.diff_url(frame.site, revision)
    return f"{url}&oldid={matched.left}" if 0 < matched.left < revision else url


def _day(moment: datetime | None) -> str:
    return "" if moment is None else moment.date().isoformat()
