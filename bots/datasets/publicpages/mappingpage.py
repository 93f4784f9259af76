"""The page on which a dataset's mapping stands: what each field becomes, and how it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bots.core.messages import Param, Ready
from bots.core.wikitext import escape, external_link, link
from bots.datasets.choices.tableasking import item_tables, page_titles
from bots.datasets.mapping import Dataset
from bots.datasets.mapping.expressions import TransformUse
from bots.datasets.mapping.parts import Cite, LanguageTake, SnakTake, StatementTake, TermTake
from bots.datasets.publicpages.words import Words, code, shown

_MOST_VALUES = 50


@dataclass(frozen=True)
class LastRun:
    """The last run that edited items: its key, the day (ISO), and how many it edited and made."""

    key: str
    day: str
    edited: int
    made: int
    records: int


def body(words: Words, last: LastRun | None) -> str:
    """What stands in our region."""
    # An address in the list is broken where a phone's line ends.
    head = ['<div style="overflow-wrap: break-word;">', *_head(words, last), "</div>"]
    parts = [*head, "", *_statements(words)]
    made = words.dataset.create
    if words.dataset.terms or (made and made.terms):
        parts += ["", *_terms(words)]
    if words.dataset.tables:
        parts += ["", *_tables(words)]
    return "\n".join(["", *parts, ""])


def named(dataset: Dataset) -> set[str]:
    """The properties and items that the page names for all records, by Wikidata's numbers."""
    takes: list[SnakTake | Cite] = [*dataset.reference]
    for each in _all_statements(dataset):
        takes += [each, *each.qualifiers, *(each.reference or ())]
    found = {dataset.match.property, *(take.property for take in takes)}
    return found | {take.item for take in takes if take.item}


def _all_statements(dataset: Dataset) -> Iterator[StatementTake]:
    yield from dataset.statements
    if dataset.create is not None:
        yield from dataset.create.statements


def _head(words: Words, last: LastRun | None) -> Iterator[str]:
    dataset, site = words.dataset, words.dataset.site
    names: dict[str, Param] = {"dataset": shown(dataset.title), "partner": shown(dataset.partner)}
    yield f"__NOTOC__{words.say('mapping-page-intro', **names, site=site)}"
    yield ""
    for kind in ("task", "datasets", "stop"):
        yield f"* {words.say(f'mapping-page-see-{kind}', page=words.linked(kind))}"
    yield f"* {words.say('mapping-page-see-edits', page=words.contributions())}"
    yield f"* {_source(words)}"
    column = Ready(code(dataset.match.column))
    found = Ready(words.entity(dataset.match.property))
    yield f"* {words.say('mapping-page-match', property=found, field=column)}"
    made = dataset.create
    if made is None:
        yield f"* {words.say('mapping-page-no-new')}"
    else:
        key = "mapping-page-new-asked" if made.people else "mapping-page-new"
        yield f"* {words.say(key, list_languages=list(made.labels))}"
    if dataset.reference:
        cited = Ready(_reference(words, dataset.reference))
        yield f"* {words.say('mapping-page-reference', reference=cited)}"
    yield f"* {_last(words, last)}"


def _source(words: Words) -> str:
    source = words.dataset.source
    if source.kind == "full":
        said = [words.say("mapping-page-source-full", num_releases=source.gone_after)]
    else:
        said = [words.say("mapping-page-source-delta")]
    if source.package.lower().startswith("https://"):
        said.append(external_link(source.package))
    if source.rhythm_days is not None:
        said.append(words.say("mapping-page-rhythm", num_days=source.rhythm_days))
    return " ".join(said)


def _last(words: Words, last: LastRun | None) -> str:
    if last is None:
        return words.say("mapping-page-no-run")
    name: Param = last.key
    if words.config.dashboard_url:
        url = f"{words.config.dashboard_url.rstrip('/')}/runs/{last.key}"
        name = Ready(external_link(url, last.key))
    return words.say(
        "mapping-page-last",
        day=last.day,
        run=name,
        num_edited=last.edited,
        num_made=last.made,
        num_records=last.records,
    )


def _statements(words: Words) -> Iterator[str]:
    yield f"== {words.say('mapping-page-statements')} =="
    columns = ("field", "property", "read", "changed", "gone", "source")
    yield from _table_head(words, columns)
    for each in words.dataset.statements:
        change = "many" if each.many else f"change-{each.change.value}"
        kept = words.say(f"mapping-page-{change}"), _gone(words, each)
        yield from _statement(words, each, *kept)
    made = words.dataset.create
    for each in made.statements if made else ():
        yield from _statement(words, each, words.say("mapping-page-new-alone"), "–")
    yield "|}"


def _statement(words: Words, each: StatementTake, changed: str, gone: str) -> Iterator[str]:
    read, cited = _read(words, each), _own_reference(words, each)
    yield from _row(_from(words, each), words.entity(each.property), read, changed, gone, cited)
    for qualifier in each.qualifiers:
        name = words.say("mapping-page-qualifier", property=Ready(words.entity(qualifier.property)))
        yield from _row(_from(words, qualifier), name, _read(words, qualifier), "", "", "")


def _terms(words: Words) -> Iterator[str]:
    yield f"== {words.say('mapping-page-terms')} =="
    yield from _table_head(words, ("field", "term", "language", "gone"))
    for each in words.dataset.terms:
        yield from _term(words, each, _gone(words, each))
    made = words.dataset.create
    for each in made.terms if made else ():
        yield from _term(words, each, words.say("mapping-page-new-alone"))
    yield "|}"


def _term(words: Words, each: TermTake, gone: str) -> Iterator[str]:
    told = each.language.column if isinstance(each.language, LanguageTake) else each.language
    becomes = words.say(f"mapping-page-term-{each.term}")
    yield from _row(_from(words, each), becomes, code(told), gone)


def _gone(words: Words, take: StatementTake | TermTake) -> str:
    return words.say(f"mapping-page-gone-{take.withdrawal.value}")


def _tables(words: Words) -> Iterator[str]:
    yield f"== {words.say('mapping-page-tables')} =="
    asked = item_tables(words.dataset)
    for name, values in words.dataset.lookups.items():
        yield f"=== {escape(shown(name))} ==="
        pairs = list(values.items())[:_MOST_VALUES]
        said = (f"{escape(shown(value))} → {_becomes(words, held)}" for value, held in pairs)
        yield "; ".join(said)
        if len(values) > _MOST_VALUES:
            yield words.say("mapping-page-more", num_more=len(values) - _MOST_VALUES)
        if name in asked:
            page = Ready(link(page_titles(words.dataset, name, words.config)(1)))
            yield f"\n{words.say('mapping-page-completed', page=page)}"


def _becomes(words: Words, held: Sequence[str]) -> str:
    items = [words.entity(each) if each[:1] == "Q" else escape(shown(each)) for each in held]
    return ", ".join(items) or "–"


def _table_head(words: Words, columns: Iterable[str]) -> Iterator[str]:
    yield '{| class="wikitable"'
    yield "! " + " !! ".join(words.say(f"mapping-page-column-{name}") for name in columns)


def _row(*cells: str) -> Iterator[str]:
    yield "|-"
    yield "| " + " || ".join(cells)


def _from(words: Words, take: SnakTake | TermTake) -> str:
    """The source's column, or what is always said; and where alone."""
    each, when = getattr(take, "each", None), getattr(take, "when", None)
    said = code(take.column) if take.column else _always(words, take)
    if each:
        said = f"{code(each)} → {said}"
    return f"{said} {words.say('mapping-page-when', condition=Ready(code(when)))}" if when else said


def _always(words: Words, take: SnakTake | TermTake) -> str:
    if getattr(take, "somevalue", False):
        return words.say("mapping-page-some-value")
    item = getattr(take, "item", None)
    return words.entity(item) if item else escape(shown(getattr(take, "value", None) or "–"))


def _read(words: Words, take: SnakTake) -> str:
    """How a value is read: the transforms, the value table or the other record, the datatype."""
    steps = [code(_step(use)) for use in take.transform]
    if take.table:
        steps.append(words.say("mapping-page-by-table", table=take.table))
    if take.record_of:
        page = Ready(link(f"User:{words.config.account}/mapping/{take.record_of}", take.record_of))
        steps.append(words.say("mapping-page-by-record", dataset=page))
    return " → ".join([*steps, code(take.kind())])


def _step(use: TransformUse) -> str:
    if use.given is None:
        return use.name
    return f"{use.name}: {json.dumps(use.given, ensure_ascii=False, default=str)}"


def _own_reference(words: Words, take: StatementTake) -> str:
    if take.reference is None:
        return words.say("mapping-page-common")
    return _reference(words, take.reference)


def _reference(words: Words, cites: Sequence[Cite]) -> str:
    said = []
    for each in cites:
        name = words.entity(each.property)
        if each.retrieved:
            said.append(name)
        elif each.item:
            said.append(f"{name}: {words.entity(each.item)}")
        elif each.record_url:
            said.append(f"{name}: {code(words.dataset.record_url or '')}")
        else:
            said.append(f"{name}: {_from(words, each)}")
    return "; ".join(said) or "–"
