"""The slots of an item's terms: labels and descriptions by language, aliases text by text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bots.core.merge import cell_after, merge, merge_values
from bots.core.merge.facts import (
    ABSENT,
    AddValue,
    Base,
    Decision,
    Entry,
    Kind,
    Lack,
    Memory,
    Owned,
    RemoveEntry,
    Slot,
    Told,
    Tombstone,
)
from bots.core.merge.stored import memory_json, memory_of
from bots.core.plan import JSON
from bots.core.wikibase.change import TermChange
from bots.core.wikibase.model import Item
from bots.datasets.engine.onitem import OnItem
from bots.datasets.engine.telling import pair_digest, short
from bots.datasets.engine.undone import is_text_undone
from bots.datasets.facts import Difference, TermKind, TermRule, TermSaid

_AFTER_PEOPLE = (Kind.CONFLICT, Kind.CORRECTED)
_ANY_LANGUAGE = "mul"

TermRules = Mapping[TermKind, TermRule]


def judge_terms(on: OnItem, item: Item, rules: TermRules, said: Sequence[TermSaid]) -> None:
    """Judge all terms: those that the source speaks of, and those that we left."""
    unknown = {each.rule.kind for each in said if isinstance(each.texts, Lack)}
    own = {(each.rule.kind, each.language): each.rule for each in said}

    def rule_of(kind: TermKind, language: str) -> TermRule:
        return own.get((kind, language)) or rules.get(kind) or TermRule(kind)

    aliases: dict[str, list[str]] = {}
    labels = dict(item.labels)
    cells: dict[TermKind, dict[str, str]] = {
        "label": labels,
        "description": dict(item.descriptions),
    }
    for kind, held in cells.items():
        if kind in unknown:
            continue
        wanted = {each.language: each for each in said if each.rule.kind == kind and each.texts}
        languages = dict.fromkeys((*wanted, *_languages(on.bases, f"{kind}/")))
        for language in sorted(languages, key=lambda each: each != _ANY_LANGUAGE):
            texts = _texts(wanted.get(language))
            rule = rule_of(kind, language)
            beside = _judge_cell(on, rule, language, held, texts[0] if texts else None)
            if beside is not None:
                aliases.setdefault(language, []).append(beside)
    # What becomes an alias in place of a label can't be told without the labels.
    if not unknown & {"alias", "label"}:
        for each in said:
            if each.rule.kind == "alias":
                aliases.setdefault(each.language, []).extend(_texts(each))
        for language in dict.fromkeys((*aliases, *_languages(on.bases, "alias/"))):
            label, there = labels.get(language), item.aliases.get(language, ())
            ours = [text for text in dict.fromkeys(aliases.get(language, ())) if text != label]
            _judge_aliases(on, rule_of("alias", language), language, label, there, ours)


def _judge_cell(
    on: OnItem, rule: TermRule, language: str, held: dict[str, str], text: str | None
) -> str | None:
    """Judge a label or description; what is to be an alias instead, where people have another."""
    name = f"{rule.kind}/{language}"
    if is_text_undone(on.bases.get(name), text):
        return None
    memory = memory_of(_raw(on.bases, name), str)
    there = held.get(language)
    everywhere = held.get(_ANY_LANGUAGE) if rule.kind == "label" else None
    if there is None and everywhere is not None and everywhere == text:
        if memory is None:
            return None
        there = None if isinstance(memory, Tombstone) else everywhere
    slot: Slot[str] = Slot(plain=True, withdrawal=rule.withdrawal)
    entries: tuple[Entry[str], ...] = () if there is None else (on.house.text(name, there),)
    if memory is None and text is not None and there is None:
        memory = _taken_from_house(on, name, text)
    decision = on.heard(
        name,
        str,
        lambda rulings: merge(
            slot, memory, entries, ABSENT if text is None else text, rulings=rulings
        ),
    )
    after = cell_after(decision, there)
    if after != there:
        on.changes.terms.append(
            TermChange(
                terms="labels" if rule.kind == "label" else "descriptions",
                language=language,
                text=after,
                before=held.get(language),
            )
        )
        on.changes.because("dataset-why-update" if there else "dataset-why-add", name, after or "")
        held.pop(language, None) if after is None else held.update({language: after})
    _remember(on, name, decision.base)
    told = decision.told
    if told is None:
        return None
    if told.kind in _AFTER_PEOPLE:
        if rule.taken == "alias" and rule.kind == "label":
            return text
        if rule.taken == "nothing":
            return None
    _tell(on, rule, name, told)
    return None


def _judge_aliases(
    on: OnItem,
    rule: TermRule,
    language: str,
    label: str | None,
    there: Sequence[str],
    ours: Sequence[str],
) -> None:
    prefix = f"alias/{language} "
    said = {prefix + short(text): text for text in ours}
    held = [name for name in on.bases if name.startswith(prefix)]
    undone = [n for n in {*said, *held} if is_text_undone(on.bases.get(n), said.get(n))]
    ours = [text for name, text in said.items() if name not in undone]
    kept = [memory_of(_raw(on.bases, name), str) for name in held if name not in undone]
    # One that has become the label is as we left it for as long as it is that.
    known = [memory for memory in kept if memory is not None and _left(memory).value != label]
    texts = {*there, *(_left(memory).value for memory in known)}
    taken = (
        _taken_from_house(on, prefix + short(text), text) for text in ours if text not in texts
    )
    known += [memory for memory in taken if memory is not None]
    entries = [on.house.text(prefix + short(text), text) for text in there]
    slot: Slot[str] = Slot(many=True, plain=True, withdrawal=rule.withdrawal)
    told = dict.fromkeys([*(_left(memory).value for memory in known), *ours])
    names = [prefix + short(text) for text in told]
    decisions = on.heard_all(
        names, str, lambda rulings: merge_values(slot, known, entries, ours, rulings=rulings)
    )
    for name, decision in zip(names, decisions, strict=True):
        _take(on, language, decision)
        _remember(on, name, decision.base)
        if decision.told is not None:
            _tell(on, rule, name, decision.told)


def _taken_from_house(on: OnItem, name: str, text: str) -> Tombstone[str] | None:
    """What another of our datasets left, and people took away, is as if it had been ours."""
    if not on.house.left_text(name, text):
        return None
    return Tombstone(Base(text, Owned.NOTHING))


def _take(on: OnItem, language: str, decision: Decision[str]) -> None:
    add, remove = on.changes.aliases.setdefault(language, ([], []))
    for step in decision.steps:
        match step:
            case AddValue(value=text):
                add.append(text)
                on.changes.because("dataset-why-add", f"alias/{language}", text)
            case RemoveEntry(entry=entry):
                remove.append(entry.value)
                on.changes.because("dataset-why-remove", f"alias/{language}", entry.value)


def _tell(on: OnItem, rule: TermRule, name: str, told: Told[str]) -> None:
    seen = tuple(each.value for each in told.pair.theirs)
    ours = None if isinstance(told.pair.ours, Lack) else told.pair.ours
    about = on.changes.about
    on.changes.differences.append(
        Difference(
            record=about.record,
            item=about.item,
            site=about.site,
            slot=name,
            property="",
            column=rule.column,
            kind=told.kind.value,
            pair=pair_digest(told.pair, str),
            wiki=seen,
            wiki_values=seen,
            ours=ours,
            ours_value=ours,
            url=about.url,
            since=on.since,
        )
    )


def _remember(on: OnItem, name: str, memory: Memory[str]) -> None:
    raw = memory_json(memory, str)
    if raw != on.bases.get(name):
        on.changes.leaves[name] = raw


def _texts(said: TermSaid | None) -> tuple[str, ...]:
    return () if said is None or isinstance(said.texts, Lack) else said.texts


def _left(memory: Base[str] | Tombstone[str]) -> Base[str]:
    return memory.left if isinstance(memory, Tombstone) else memory


def _raw(bases: Mapping[str, JSON], name: str) -> Mapping[str, JSON] | None:
    raw = bases.get(name)
    return raw if isinstance(raw, dict) else None


def _languages(bases: Mapping[str, JSON], prefix: str) -> Iterable[str]:
    for name in bases:
        if name.startswith(prefix):
            yield name[len(prefix) :].partition(" ")[0]
