"""The words of the pages with differences, as wikitext in the wiki's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.config import HubConfig
from bots.core.messages import Message, Messages, Param, Ready
from bots.core.plan import Target
from bots.core.planpage import task_link
from bots.core.store import Decision
from bots.core.wikitext import escape, external_link, isolated, link
from bots.datasets.facts import Difference
from bots.datasets.feedback.rowids import difference_row
from bots.datasets.feedback.rows import WORDS, RowKey, RowOnPage, row_text

_LONGEST = 300
_MOST_VALUES = 5


@dataclass(frozen=True)
class Look:
    """What doesn't change from page to page: names, words, and where things are.

    `labels`: what people call items and properties, by id, as far as the wiki told. `page_url`
    gives a page's address, for items that are not on the hub wiki.
    """

    config: HubConfig
    messages: Messages
    language: str
    dataset: str
    title: str
    partner: str
    page_url: Callable[[Target], str] = str
    labels: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, **params: Param) -> str:
        """A message as wikitext; every parameter is shown as it is and does nothing."""
        return self.messages.text(self.language, Message(key, params), escape)

    def called(self, entity: str) -> str:
        """An item or property as people call it, with its id; still to be escaped."""
        label = cut(self.labels.get(entity, ""))
        return f"{label} ({entity})" if label else entity


@dataclass(frozen=True)
class Counts:
    """What the summary says: open rows by kind and by page (title), and those not shown."""

    kinds: Mapping[str, int]
    pages: Mapping[str, int]
    taken_away: int = 0
    waiting: int = 0


def begin(look: Look, region: str) -> str:
    """A new page's first line; what it explains can't close the comment."""
    words = look.say("report-page-begin").replace("--", "–").replace(">", "")
    return f"<!-- hubbot:{region} begin: {words} -->"


def summary(look: Look, number: int, counts: Counts) -> str:
    """What stands at the top of a page: on the first, the counts and the other pages."""
    first, *others = counts.pages
    if number > 1:
        back = Ready(link(first))
        return f"__NOTOC__{look.say('report-page-part', page=back)}\n\n{_how(look)}"
    task = task_link(look.config, look.dataset, look.title)
    intro = look.say("report-intro", partner=look.partner, dataset=task)
    lines = [f"__NOTOC__{intro}", "", _how(look)]
    if not any(counts.kinds.values()):
        return "\n".join([*lines, "", look.say("report-none")])
    lines += ["", '{| class="wikitable"', f"|+ {look.say('report-counts')}"]
    for kind, count in counts.kinds.items():
        if count:
            lines += [
                "|-",
                f'! scope="row" style="text-align: start;" | {look.say(f"report-kind-{kind}")}',
                f'| style="text-align: end;" | {count}',
            ]
    lines.append("|}")
    if others:
        lines.append(look.say("report-pages"))
        lines += [f"* {link(each)} ({counts.pages[each]})" for each in others]
    if counts.taken_away:
        lines += ["", look.say("report-taken-away", num_rows=counts.taken_away)]
    if counts.waiting:
        lines += ["", look.say("report-waiting", num_rows=counts.waiting)]
    return "\n".join(lines)


def section(look: Look, kind: str, count: int) -> str:
    """A kind's heading on a page, with how many rows it has there, and what it means."""
    name = look.say(f"report-kind-{kind}")
    return f"== {name} ({count}) ==\n{look.say(f'report-means-{kind}')}"


def row(
    look: Look,
    difference: Difference,
    key: RowKey,
    written: RowOnPage | None,
    answers: Mapping[str, str],
) -> str:
    """A row with its heading, and with what people wrote in it before."""
    since = difference.since.date().isoformat() if difference.since else ""
    shown = {
        "kind": difference.kind,
        "about": _item(look, difference.site, difference.item, look.called(difference.item)),
        "field": _field(look, difference),
        "record": external_link(difference.url, cut(difference.record))
        if difference.url
        else escape(cut(difference.record)),
        "wiki": _values(look, difference.wiki),
        "source": _values(look, () if difference.ours is None else (difference.ours,)),
        "cited": _references(look, difference.references),
        "since": written.since if written and written.since else since,
        "answer": "refused" if answers.get(difference_row(difference)) == "refused" else "",
    }
    column = cut(difference.column) or difference.property or cut(difference.slot)
    heading = f"=== {escape(look.called(difference.item))}: {escape(column)} ==="
    decision, note = (written.decision_raw, written.note_raw) if written else ("", "")
    return f"{heading}\n{row_text(look.dataset, key, shown, decision, note)}"


def closed(look: Look, decisions: Sequence[Decision]) -> str:
    """What people decided and is done, a line each."""
    lines = [f"== {look.say('report-closed')} =="]
    for each in decisions:
        params: dict[str, Param] = {
            "date": each.decided.date().isoformat(),
            "item": Ready(_item(look, each.target.site, each.target.title, each.target.title)),
            "slot": cut(each.slot),
            "word": each.choice,
            "user": Ready(link(f"User:{each.user}", each.user)),
            "edit": Ready(f"[[Special:Diff/{each.revid}]]"),
        }
        lines.append(f"* {look.say('report-closed-line', **params)}")
    return "\n".join(lines)


def cut(text: str) -> str:
    """A value as it is repeated to people: one line, and not too long."""
    line = " ".join(text[: 4 * _LONGEST].split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _how(look: Look) -> str:
    groups = list(look.config.trusted_groups)
    items = [f"* <code>{word}</code>: {look.say(f'report-word-{word}')}" for word in WORDS]
    return "\n".join([look.say("report-how", list_groups=groups), *items])


def _item(look: Look, site: str, item: str, label: str) -> str:
    if site == look.config.hub:
        return link(item, label)
    return external_link(look.page_url(Target(site, item)), label)


def _field(look: Look, difference: Difference) -> str:
    column, about = cut(difference.column), difference.property
    name = look.called(about) if about else cut(difference.slot)
    return escape(f"{column} – {name}") if column else escape(name)


def _values(look: Look, values: Sequence[str]) -> str:
    shown = [isolated(cut(value)) for value in values[:_MOST_VALUES]]
    return "<br>".join([*shown, *_more(look, len(values))])


def _references(look: Look, references: Sequence[str]) -> str:
    shown = [
        external_link(each, cut(each)) if each.startswith("http") else escape(cut(each))
        for each in references[:_MOST_VALUES]
    ]
    return "<br>".join([*shown, *_more(look, len(references))])


def _more(look: Look, count: int) -> list[str]:
    rest = count - _MOST_VALUES
    return [look.say("report-more", num_more=rest)] if rest > 0 else []
