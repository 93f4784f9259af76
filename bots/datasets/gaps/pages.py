"""The wiki pages of what is missing: counts in tables, and lists on which people tick rows off.

In a list's row, `state` is people's: `done` once they have done it, `hide` for what needs nothing.
Their notes stay. A row goes when the wiki has what was missing and nobody has written in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from bots.core.messages import Message, Messages, Param
from bots.core.plan import JSON, Edit, Finding, Judged, Planned, Target
from bots.core.ports import PageRead
from bots.core.wikitext import RegionProblem, find_region, replace_region
from bots.datasets.choices import rowsheets
from bots.datasets.choices.rowpages import Kind, Left, Row, shown
from bots.datasets.choices.rowsheets import Renewed, Sheets
from bots.datasets.gaps.lacking import ITEM, Counts, GapRule, Group, Looked, State

GAPS = Kind("HubBot gap", "gaps", answer="state", people=("state", "note"))

SHOWN = "shown"
"""The slot of the counts' page: the digest of what was counted."""

FILLED = "filled"
"""The slot of a list's page: the rows in which people wrote and whose gap is filled."""

_REGION = "counts"
_MOST_GROUPS = 100
_NOT_TOLD = frozenset({"candidate-row-removed", "candidate-row-needless"})
"""What people may do with a list of work: take rows away, leave a note in what is done."""


@dataclass(frozen=True)
class Look:
    """How the pages speak. `labels`: what the wiki calls properties, by their ids."""

    messages: Messages
    language: str
    labels: Mapping[str, str]

    def say(self, key: str, **params: Param) -> str:
        """A message as wikitext."""
        return self.messages.text(self.language, Message(key, params), shown)

    def called(self, lack: str) -> str:
        """What is missing, in words."""
        kind, _, name = lack.partition("/")
        if lack == ITEM:
            return self.say("gaps-item")
        if name:
            return self.say(f"gaps-{kind}", name=name)
        label = self.labels.get(lack, "")
        return self.say("gaps-property", name=f"{label} ({lack})" if label else lack)


@dataclass(frozen=True, kw_only=True)
class List:
    """A work list: its pages, with those read whose rows change; `rows`: all that are to wait."""

    sheets: Sheets
    rows: Mapping[str, Row]
    above: str


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The page with counts, as it is. `body`: the new ones; `digest` stands for them."""

    target: Target
    page: PageRead
    intro: str
    body: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the pages are made of. `counts`: None where the page with counts stays as it is."""

    counts: Counted | None
    lists: Sequence[List]


class Watch(Protocol):
    """Reads what the pages are made of; see `watching.Watching`."""

    @property
    def rule(self) -> GapRule:
        """What is looked for."""

    def facts(self, judged: Mapping[str, Looked]) -> Facts:
        """The pages that change, by record what a run found out. Raises `NotReachedError`."""


def title(account: str, dataset: str, lack: str = "", number: int = 1) -> str:
    """The page with a dataset's counts; or of a list; from the second on, a page below that."""
    parts = [f"User:{account}/gaps/{dataset}", lack.replace("/", "-")]
    parts += [str(number)] if number > 1 else []
    return "/".join(filter(None, parts))


def digest(counts: Counts, rule: GapRule) -> str:
    """32 hex digits that stand for what was counted, and how."""
    told = json.dumps([asdict(counts), asdict(rule)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def counts_text(counts: Counts, rule: GapRule, look: Look, lists: Mapping[str, str]) -> str:
    """The tables, as wikitext. `lists`: what is lacking → the title of its list."""
    lines = [
        '{| class="wikitable sortable"',
        f"|+ {look.say('gaps-all', num_records=counts.all.records)}",
        _heads(look.say("gaps-lack"), look.say("gaps-lacking"), look.say("gaps-of"), "%"),
    ]
    for lack in rule.lacks:
        number, most = counts.all.lacking.get(lack, 0), _most(counts.all, lack, rule)
        name = look.called(lack)
        named = f"[[{lists[lack]}|{name}]]" if lack in lists else name
        lines += ["|-", f'! scope="row" | {named}', _cells(number, most, _share(number, most))]
    lines.append("|}")
    for field, groups in counts.by.items():
        lines += ["", f"== {shown(field)} ==", *_by(groups, rule, look)]
    return "\n".join(lines)


def row(key: str, item: str, state: State, items_at: str) -> Row:
    """A list's row; `item`: the id of the record's item, "" for none; see `matchpages.Look`."""
    groups = "; ".join(shown(each) for each in state.groups if each)
    where = [("item", item), ("url", items_at + item)] if item else []
    lines = [tuple(where), (("about", groups),) if groups else ()]
    return Row(key, shown(state.name), tuple(filter(None, lines)))


def is_current(left: Left, filled: Collection[str], rows: Mapping[str, Row]) -> bool:
    """Whether a list has these rows already; it need not be read then."""
    standing = {key: dict(values) for key, values in left.items() if key not in filled}
    return standing == {key: each.values for key, each in rows.items()}


def plan_gaps(watch: Watch, judged: Mapping[str, Looked]) -> Iterator[Planned]:
    """The edits that bring the pages up to date."""
    facts = watch.facts(judged)
    if facts.counts is not None:
        yield from _plan_counts(facts.counts)
    for each in facts.lists:
        yield from _plan_list(each)


def _plan_counts(counted: Counted) -> Iterator[Planned]:
    page, target = counted.page, counted.target
    begin, end = (f"<!-- hubbot:{_REGION} {word} -->" for word in ("begin", "end"))
    text = page.text or f"__NOTOC__\n{counted.intro}\n\n{begin}\n{end}\n"
    region = find_region(text, _REGION)
    if isinstance(region, RegionProblem):
        lines = [str(line) for line in region.lines]
        params: dict[str, Param] = {"list_lines": lines, "begin": begin, "end": end}
        yield Finding(target=target, message=Message(region.fault.value, params))
        return
    new = replace_region(text, _REGION, f"\n{counted.body}\n")
    leaves: dict[str, JSON] = {SHOWN: counted.digest}
    if new == page.text:
        yield Judged(target=target, leaves=leaves)
        return
    yield Edit(
        target=target,
        change=rowsheets.page_text(page, new),
        summary=Message("gaps-summary"),
        leaves=leaves,
    )


def _plan_list(work: List) -> Iterator[Planned]:
    def filled(left: Left) -> dict[str, JSON]:
        return {FILLED: sorted(left.keys() - work.rows.keys())}

    def summary(renewed: Renewed) -> Message:
        return Message("gaps-summary-list", {"num_new": renewed.new})

    renewed = rowsheets.renew(work.sheets, work.rows, GAPS, work.above)
    for planned in rowsheets.planned(work.sheets, renewed, summary, filled):
        if not (isinstance(planned, Finding) and planned.message.key in _NOT_TOLD):
            yield planned


def _by(groups: Mapping[str, Group], rule: GapRule, look: Look) -> Iterator[str]:
    """A table of one field's values, those with most gaps first."""
    yield '{| class="wikitable sortable"'
    names = [look.called(lack) for lack in rule.lacks]
    yield _heads(look.say("gaps-value"), look.say("gaps-records"), *names)
    ordered = sorted(groups.items(), key=lambda each: (-sum(each[1].lacking.values()), each[0]))
    for value, group in ordered[:_MOST_GROUPS]:
        numbers = [group.lacking.get(lack, 0) for lack in rule.lacks]
        yield "|-"
        yield f'! scope="row" | {shown(value) or look.say("gaps-no-value")}'
        yield _cells(group.records, *numbers)
    yield "|}"
    if len(ordered) > _MOST_GROUPS:
        yield look.say("gaps-more", num_values=len(ordered) - _MOST_GROUPS)


def _most(group: Group, lack: str, rule: GapRule) -> int:
    """Of how many records it could be lacking: only an item can lack what an item has."""
    return group.records - (0 if lack == ITEM else group.lacking.get(ITEM, 0))


def _share(number: int, most: int) -> str:
    return f"{100 * number / most:.1f}" if most else ""


def _heads(*names: str) -> str:
    return "\n".join(["|-", *(f'! scope="col" | {name}' for name in names)])


def _cells(*values: int | str) -> str:
    return "\n".join(f'| style="text-align: end;" | {value}' for value in values)
