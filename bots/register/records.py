"""A page of the register as a record: what its template's call says, and what is wrong with it.

First page by page (`read_record`), then all records together (`check_all`).
"""

from __future__ import annotations

import re
from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rapidfuzz import fuzz, process

from bots.core.messages import Message, Param
from bots.core.plan import Finding, Target
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, KindConfig, Type
from bots.core.register.values import Fault, World, canonical, words_of
from bots.core.said import holds_address, nearest, normal, shown
from bots.core.wikitext import (
    Parameter,
    TemplateCall,
    UnclosedCall,
    find_templates,
    find_unclosed,
)
from bots.wiki.pages import Page

LONGEST_PAGE = 200_000
"""Characters. A longer page is not read: it is nothing that people filled in."""

ITEM = "item"
"""The field that says which item a record is; no two records of a kind are one."""


@dataclass(frozen=True)
class Rules:
    """What pages are read by; `prefixes`: the wiki's words for the namespace Template."""

    kinds: Mapping[str, KindConfig]
    world: World
    prefixes: Sequence[str] = ()


@dataclass(frozen=True)
class Reading:
    """What a page holds. `readable`: False where it can't be said, so that what is known stays."""

    record: PageRecord | None = None
    findings: tuple[Finding, ...] = ()
    readable: bool = True


def read_record(page: Page, rules: Rules) -> Reading:
    """The record on a page, and what is wrong with it. A redirect, or no page, holds none."""
    if page.fault:
        return Reading(readable=False)
    if page.text is None or page.redirect or page.revid is None or page.timestamp is None:
        return Reading()
    params: dict[str, Param]
    if len(page.text) > LONGEST_PAGE:
        params = {"num_characters": len(page.text), "most": str(LONGEST_PAGE)}
        return Reading(None, (_found(page, "register-page-long", params),), readable=False)
    kinds = _by_template(rules.kinds)
    unclosed = find_unclosed(page.text, list(kinds), rules.prefixes)
    calls = find_templates(page.text, list(kinds), rules.prefixes)
    outer = [call for call in calls if not call.depth]
    findings = [_found(page, "register-template-unclosed", _at(each)) for each in unclosed]
    findings += [
        _found(page, "register-template-nested", _at(call)) for call in calls if call.depth
    ]
    if len(outer) > 1:
        lines = [str(call.line) for call in outer[:_SOME]]
        params = {"num_calls": len(outer), "list_lines": lines}
        findings.append(_found(page, "register-template-twice", params))
    if len(outer) != 1 or unclosed:
        missing = [] if findings or outer else list(_without(page, rules))
        return Reading(None, (*findings[:_SOME], *missing), readable=not findings)
    record, wrong = _Reader(page, rules, kinds[outer[0].name]).record(outer[0])
    return Reading(record, (*findings[:_SOME], *wrong))


def redirect_target(text: str) -> str:
    """The title that a redirect's text leads to; "" where it is none."""
    found = _REDIRECT.match(text)
    return "" if found is None else found[1].strip().replace("_", " ")


def check_all(
    records: Iterable[PageRecord], rules: Rules, moved: Mapping[str, str], site: str
) -> Iterator[PageRecord | Finding]:
    """What is wrong between records; and those that name a moved one, with its title of now.

    `moved`: a title that a record's page had → the one that it has.
    """
    known = list(records)
    kind_of = {record.title: record.kind for record in known}
    called = {name: _called(known, name) for name in rules.kinds}
    yield from _one_item(known, site)
    for record in known:
        kind = rules.kinds.get(record.kind)
        if kind is None:
            continue
        values = dict(record.values)
        for name, field in kind.fields.items():
            if field.type is not Type.RECORD or not values.get(name):
                continue
            named = (_all_named(each, field, kind_of, rules.world, moved) for each in values[name])
            values[name] = tuple(dict.fromkeys(chain.from_iterable(named)))
            near = ChainMap(*(called[each] for each in field.of))
            yield from _lost(record, name, field, values[name], kind_of, near, site)
        if values != record.values:
            yield replace(record, values=values)


_SOME = 5
"""How many findings of one sort are told of a page or a field: who mends those sees the rest."""

_ALIKE = 80
"""From so much of a hundred on, a title may be meant by one that there is not."""

_MOST = 1_000
"""How many parameters are looked at; no kind has a hundred."""

_REDIRECT = re.compile(r"\s*#[^\W\d_]+\s*:?\s*\[\[\s*:?([^\[\]|#]+)")


class _Reader:
    """Reads one call on one page, and collects what is wrong with it."""

    def __init__(self, page: Page, rules: Rules, kind: KindConfig) -> None:
        self._page = page
        self._rules = rules
        self._kind = kind
        self._wrong: list[Finding] = []
        self._names = {
            normal(said): name
            for name, field in kind.fields.items()
            for said in (*field.aliases, name)
        }

    def record(self, call: TemplateCall) -> tuple[PageRecord, list[Finding]]:
        page = self._page
        given = self._given(call)
        values = {
            name: self._values(name, given[name]) for name in self._kind.fields if name in given
        }
        meant = {each.message.params.get("near") for each in self._wrong}
        for name, field in self._kind.fields.items():
            if field.needed and not (name in given and given[name].value) and name not in meant:
                self._tell("register-missing", name, line=str(call.line))
        folder = self._rules.world.folder(self._kind.name)
        if not page.target.title.startswith(folder):
            self._tell(
                "register-misplaced", "", template=call.name, folder=folder, line=str(call.line)
            )
        record = PageRecord(
            kind=self._kind.name,
            page=page.number or 0,
            title=page.target.title,
            revid=page.revid or 0,
            edited=page.timestamp or page.seen,
            values={name: many for name, many in values.items() if many},
            lines={name: _line(given[name]) for name, many in values.items() if many},
        )
        return record, self._wrong

    def _given(self, call: TemplateCall) -> dict[str, Parameter]:
        """A field → the parameter that counts: as in MediaWiki the last, but no empty one."""
        given: dict[str, Parameter] = {}
        all_given: defaultdict[str, list[Parameter]] = defaultdict(list)
        for parameter in call.parameters[:_MOST]:
            name = None if parameter.positional else self._names.get(normal(parameter.name))
            if name is None:
                self._unknown(parameter)
                continue
            all_given[name].append(parameter)
            if parameter.value or name not in given:
                given[name] = parameter
        for name, many in all_given.items():
            if len({each.value for each in many if each.value}) > 1:
                lines = [str(each.line) for each in many[:_SOME]]
                value = shown(given[name].value)
                self._tell("register-given-twice", name, list_lines=lines, value=value)
        return given

    def _unknown(self, parameter: Parameter) -> None:
        name, line = shown(parameter.name), str(parameter.line)
        if holds_address(parameter.value):
            self._tell("register-address", name, line=line)
        elif parameter.positional:
            if parameter.value:
                self._tell("register-unnamed", "", value=shown(parameter.value), line=line)
        elif near := nearest(normal(parameter.name), self._names):
            self._tell("register-unknown-field-near", name, near=self._names[near], line=line)
        else:
            self._tell("register-unknown-field", name, line=line)

    def _values(self, name: str, parameter: Parameter) -> tuple[str, ...]:
        found: list[str] = []
        field = self._kind.fields[name]
        for word in words_of(field, parameter.value):
            value = canonical(field, word.text, self._rules.world)
            if isinstance(value, Fault):
                line = str(_line(parameter) + word.line)
                self._tell(value.key, name, **{**value.params, "line": line})
            else:
                found.append(value)
        return tuple(dict.fromkeys(found))

    def _tell(self, key: str, where: str, **params: Param) -> None:
        told = Counter((each.message.key, each.where) for each in self._wrong)
        sort = sum(each.message.key == key for each in self._wrong)
        if told[key, where] < _SOME and sort < _SOME * _SOME:
            self._wrong.append(_found(self._page, key, params, where))


def _line(parameter: Parameter) -> int:
    """The line on which the value itself begins."""
    raw = parameter.raw
    return parameter.line + raw.count("\n", 0, len(raw) - len(raw.lstrip()))


def _by_template(kinds: Mapping[str, KindConfig]) -> dict[str, KindConfig]:
    return {
        name[:1].upper() + name[1:]: kind
        for kind in kinds.values()
        for name in (kind.template, *kind.template_aliases)
    }


def _without(page: Page, rules: Rules) -> Iterator[Finding]:
    """A page where a record's should be, and that holds none."""
    for name, kind in rules.kinds.items():
        folder = rules.world.folder(name)
        rest = page.target.title.removeprefix(folder)
        if rest != page.target.title and "/" not in rest:
            yield _found(
                page, "register-no-template", {"template": kind.template, "folder": folder}
            )


def _one_item(records: Sequence[PageRecord], site: str) -> Iterator[Finding]:
    by_item: defaultdict[tuple[str, str], list[PageRecord]] = defaultdict(list)
    for record in records:
        if item := record.first(ITEM):
            by_item[record.kind, item].append(record)
    for (_, item), same in by_item.items():
        for record in same if len(same) > 1 else ():
            others = [each.title for each in same if each is not record][:_SOME]
            params: dict[str, Param] = {"item": item, "list_pages": others}
            yield _between(record, ITEM, "register-item-twice", site, params)


def _called(records: Iterable[PageRecord], kind: str) -> dict[str, str]:
    return {each.title: each.title.rpartition("/")[2] for each in records if each.kind == kind}


def _all_named(
    title: str,
    field: FieldConfig,
    kind_of: Mapping[str, str],
    world: World,
    moved: Mapping[str, str],
) -> Sequence[str]:
    """The titles of the records that are meant: of one with commas in it, or of each between."""
    whole = _named(title, field, kind_of, world, moved)
    if whole in kind_of or not field.many:
        return [whole]
    folder = world.folder(field.of[0])
    apart = [folder + part.strip() for part in title.removeprefix(folder).split(",")]
    named = [_named(each, field, kind_of, world, moved) for each in apart]
    return named if all(each in kind_of for each in named) else [whole]


def _named(
    title: str,
    field: FieldConfig,
    kind_of: Mapping[str, str],
    world: World,
    moved: Mapping[str, str],
) -> str:
    """The title of the record that is meant: of another kind, or moved since."""
    name = title.removeprefix(world.folder(field.of[0]))
    for said in (title, *(world.folder(kind) + name for kind in field.of[1:])):
        seen = {said}
        while said not in kind_of and said in moved and moved[said] not in seen:
            said = moved[said]
            seen.add(said)
        if said in kind_of:
            return said
    return title


def _lost(
    record: PageRecord,
    name: str,
    field: FieldConfig,
    titles: Iterable[str],
    kind_of: Mapping[str, str],
    called: Mapping[str, str],
    site: str,
) -> Iterator[Finding]:
    """References that lead to no record, or to one of a kind that they may not name.

    `called`: the title of each that they may name → what its page is called.
    """
    for title in titles:
        params: dict[str, Param] = {"value": shown(title)}
        if title not in kind_of:
            wanted = title.rpartition("/")[2]
            near = process.extractOne(wanted, called, scorer=fuzz.ratio, score_cutoff=_ALIKE)
            if near:
                params["near"] = near[2]
            yield _between(record, name, f"register-no-record{'-near' * bool(near)}", site, params)
        elif kind_of[title] not in field.of:
            params |= {"kind": kind_of[title], "list_kinds": list(field.of)}
            yield _between(record, name, "register-record-kind", site, params)


def _between(
    record: PageRecord, name: str, key: str, site: str, params: Mapping[str, Param]
) -> Finding:
    line = str(record.lines.get(name, 1))
    return Finding(
        target=Target(site, record.title),
        message=Message(key, {**params, "line": line}),
        where=name,
    )


def _at(call: TemplateCall | UnclosedCall) -> dict[str, Param]:
    return {"template": call.name, "line": str(call.line)}


def _found(page: Page, key: str, params: Mapping[str, Param], where: str = "") -> Finding:
    return Finding(target=page.target, message=Message(key, params), where=where)
