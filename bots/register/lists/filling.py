"""Fills the lists of one page: its new text, what to remember of each list, and what is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bots.core.messages import Message, Param
from bots.core.plan import JSON, Finding, Target
from bots.core.said import nearest, shown
from bots.register.lists.calls import ListCall, Names, find_lists
from bots.register.lists.choosing import Canonical, choose
from bots.register.lists.facts import ListFault, ListSource, Told
from bots.register.lists.merging import merge_list
from bots.register.lists.rendering import Look
from bots.register.slots import LIST


@dataclass(frozen=True, kw_only=True)
class Speech:
    """How a wiki is spoken to. `most_bytes`: of a page's text, as the wiki takes it."""

    names: Names
    look: Look
    canonical: Canonical
    most_bytes: int


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What lists may be of, by name, in one language."""

    sources: Mapping[str, ListSource]

    def source(self, call: ListCall) -> ListSource | ListFault:
        """What a list is of."""
        asked = call.options.get("of", "")
        found = self.sources.get(asked)
        if found is not None:
            return found
        params = {"of": shown(asked), "kinds": ", ".join(self.sources)}
        close = nearest(asked, self.sources)
        if close:
            return ListFault("register-list-of-close", call.line, {**params, "close": close})
        return ListFault("register-list-of", call.line, params)


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What comes of a page. `whole`: all that its lists are of could be read."""

    text: str
    leaves: Mapping[str, JSON]
    findings: Sequence[Finding]
    changed: Sequence[str] = ()
    whole: bool = True


@dataclass
class _Filling:
    """A page in the making: its text so far, what to remember, what is told."""

    text: str = ""
    leaves: dict[str, JSON] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    whole: bool = True


def fill(
    target: Target, text: str, base: Mapping[str, JSON], stock: Stock, speech: Speech
) -> Filled:
    """All lists of a page, each for itself: one that can't be touched stays as it is."""
    made, done = _Filling(), 0
    found = find_lists(text, speech.names)
    for each in found:
        if isinstance(each, ListCall):
            made.text += text[done : each.start]
            body = each.body(text)
            made.text += _fill_list(
                made, target, each, body, base.get(LIST + each.name), stock, speech
            )
            done = each.end
        else:
            made.findings.append(_finding(target, each))
    made.text += text[done:]
    if all(isinstance(each, ListCall) for each in found):
        there = {LIST + each.name for each in found if isinstance(each, ListCall)}
        gone = [slot for slot in base if slot.startswith(LIST) and slot not in there]
        made.leaves |= dict.fromkeys(gone)
    return Filled(
        text=made.text,
        leaves=made.leaves,
        findings=made.findings,
        changed=made.changed,
        whole=made.whole,
    )


def _fill_list(
    made: _Filling,
    target: Target,
    call: ListCall,
    body: str,
    base: JSON,
    stock: Stock,
    speech: Speech,
) -> str:
    """The list's new body; what else comes of it is put into `made`."""
    source = stock.source(call)
    if isinstance(source, ListFault):
        made.findings.append(_finding(target, source))
        return body
    grid = choose(call, source, speech.look, speech.canonical)
    if isinstance(grid, ListFault):
        made.findings.append(_finding(target, grid))
        return body
    line = made.text.count("\n")
    made.whole = made.whole and source.whole
    merged = merge_list(body, base, grid, whole=source.whole)
    if isinstance(merged, ListFault):
        made.findings.append(_finding(target, merged, line))
        return body
    made.findings += [_told(target, call, each, line) for each in merged.told]
    made.leaves[LIST + call.name] = merged.base
    if merged.text != body:
        made.changed.append(call.name)
    return merged.text


def _finding(target: Target, fault: ListFault, before: int = 0) -> Finding:
    """`before`: how many line ends of the page come before what the fault counts lines from."""
    line = str(fault.line + before)
    params: dict[str, Param] = {**fault.params, "line": line}
    # What is wrong with a question is said to all who ask, on pages and elsewhere.
    where = "" if fault.key.startswith("register-list-") else f"line {line}"
    return Finding(target=target, message=Message(fault.key, params), where=where)


def _told(target: Target, call: ListCall, told: Told, before: int) -> Finding:
    params: dict[str, Param] = {
        "list": shown(call.name),
        "line": str(told.line + before),
        "row": shown(told.row),
        "column": shown(told.column),
        "theirs": shown(told.theirs),
        "ours": shown(told.ours),
    }
    return Finding(target=target, message=Message(told.what.value, params))
