"""Fills the lists of one page: its new text, what to remember of each list, and what is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bots.core.messages import Message, Param, Ready
from bots.core.plan import JSON, Finding, Target
from bots.core.register.query import QueryError
from bots.core.said import nearest, shown
from bots.core.wikitext import link
from bots.register.lists import sheets
from bots.register.lists.beginning import list_text
from bots.register.lists.calls import UNNAMED, ListCall, Names, find_lists
from bots.register.lists.choosing import Canonical, choose, understand
from bots.register.lists.facts import Grid, ListFault, ListSource, Told
from bots.register.lists.merging import merge_list
from bots.register.lists.rendering import Look
from bots.register.lists.sheets import Part
from bots.register.slots import INDEX, LIST, PARTS

_NEARLY = 0.9
"""A page that has so much of what the wiki takes has its longest list divided."""

_FULL = 0.6
"""Of what the wiki takes, so much a part is to have at first."""


@dataclass(frozen=True, kw_only=True)
class Speech:
    """How a wiki is spoken to. `most_bytes`: of a page's text, as the wiki takes it."""

    names: Names
    look: Look
    canonical: Canonical
    most_bytes: int


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What lists may be of, by name, in one language; `offers`: all that they may ask for."""

    sources: Mapping[str, ListSource]
    offers: Sequence[str] = ()

    def source(self, call: ListCall) -> ListSource | ListFault:
        """What a list is of."""
        asked = call.options.get("of", "")
        found = self.sources.get(asked)
        if found is not None:
            return found
        params = {"of": shown(asked), "kinds": ", ".join(self.offers)}
        close = nearest(asked, self.offers)
        if close:
            return ListFault("register-list-of-close", call.line, {**params, "close": close})
        return ListFault("register-list-of", call.line, params)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page to be made for a part of a list, and what to remember of its lists."""

    target: Target
    text: str
    leaves: Mapping[str, JSON]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What comes of a page. `changed`: its lists that do. `whole`: all that they are of was read.

    `sheets`: pages that are to be made before the page itself is saved; `moved`: so many bytes of
    the page go there.
    """

    text: str
    leaves: Mapping[str, JSON]
    findings: Sequence[Finding] = ()
    changed: Sequence[str] = ()
    whole: bool = True
    sheets: Sequence[Sheet] = ()
    moved: int = 0


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page to be filled, and what was left on it. `there`: pages with lists that there are."""

    target: Target
    text: str
    base: Mapping[str, JSON] = field(default_factory=dict)
    there: Collection[Target] = ()


@dataclass(frozen=True, kw_only=True)
class _Made:
    """What comes of one list. `told` is by lines of its body, `faults` by lines of the page.

    `grid`: what it is to show, where it stands on the page itself.
    """

    call: ListCall
    body: str
    leaves: Mapping[str, JSON] = field(default_factory=dict)
    told: Sequence[Told | ListFault] = ()
    faults: Sequence[ListFault] = ()
    grid: Grid | None = None
    whole: bool = True
    sheets: Sequence[Sheet] = ()
    moved: int = 0


def fill(page: Page, stock: Stock, speech: Speech) -> Filled:
    """All lists of a page, each for itself: one that can't be touched stays as it is.

    A list with which the page would come near to what the wiki takes is divided among subpages.
    """
    found = find_lists(page.text, speech.names)
    faults = [each for each in found if isinstance(each, ListFault)]
    made = [_make(page, each, stock, speech) for each in found if isinstance(each, ListCall)]
    undivided = {each.call.name for each in made if each.grid is not None}
    while undivided and _size(page, made) >= _NEARLY * speech.most_bytes:
        place = max(range(len(made)), key=lambda at: _longer(made[at], undivided))
        undivided.discard(made[place].call.name)
        made[place] = _divided(page, made[place], stock, speech)
    if _size(page, made) > speech.most_bytes:
        made = [_as_it_was(page, each, _size(page, made), speech) for each in made]
    return _put_together(page, made, faults)


def _make(page: Page, call: ListCall, stock: Stock, speech: Speech) -> _Made:
    """A list brought up to date."""
    body, base = call.body(page.text), page.base
    source = stock.source(call)
    if isinstance(source, ListFault):
        return _Made(call=call, body=body, faults=(source,))
    parts = sheets.parts_of(base.get(PARTS + call.name))
    if parts:
        return _indexed(page, call, body, parts, source, stock, speech)
    grid = choose(call, source, speech.look, speech.canonical)
    if isinstance(grid, ListFault):
        return _Made(call=call, body=body, faults=(grid,))
    merged = merge_list(body, base.get(LIST + call.name), grid, whole=source.whole)
    if isinstance(merged, ListFault):
        return _Made(call=call, body=body, told=(merged,), whole=source.whole)
    leaves = {LIST + call.name: merged.base}
    return _Made(
        call=call,
        body=merged.text,
        leaves=leaves,
        told=merged.told,
        grid=grid,
        whole=source.whole,
    )


def _indexed(
    page: Page,
    call: ListCall,
    body: str,
    parts: Sequence[Part],
    source: ListSource,
    stock: Stock,
    speech: Speech,
) -> _Made:
    """A list that is divided already: its index, and pages for the groups that have come since."""
    try:
        asked = understand(call.options, source, speech.canonical)
        parts = sheets.grown(parts, page.target.title, asked, source, speech.look)
        index = sheets.index(parts, asked, source, speech.look, speech.canonical)
    except QueryError as error:
        return _Made(call=call, body=body, faults=(ListFault(error.key, call.line, error.params),))
    merged = merge_list(body, page.base.get(INDEX + call.name), index, whole=source.whole)
    if isinstance(merged, ListFault):
        return _Made(call=call, body=body, told=(merged,), whole=source.whole)
    new = parts[len(sheets.parts_of(page.base.get(PARTS + call.name))) :]
    made = [
        sheet
        for part in new
        for sheet in _sheets(
            page, part, sheets.narrowed(call.options, part), "", None, stock, speech
        )
    ]
    leaves = {INDEX + call.name: merged.base, PARTS + call.name: sheets.parts_json(parts)}
    return _Made(
        call=call,
        body=merged.text,
        leaves=leaves,
        told=merged.told,
        whole=source.whole,
        sheets=made,
    )


def _divided(page: Page, whole: _Made, stock: Stock, speech: Speech) -> _Made:
    """The list with its parts on pages of their own; as it is where it can't be divided."""
    call, grid = whole.call, whole.grid
    source = stock.source(call)
    if isinstance(source, ListFault) or grid is None:
        return whole
    try:
        asked = understand(call.options, source, speech.canonical)
        number = int(len(whole.body.encode()) / (_FULL * speech.most_bytes)) + 1
        parts = sheets.divide(page.target.title, asked, source, speech.look, number)
        if not parts:
            return whole
        index = sheets.index(parts, asked, source, speech.look, speech.canonical)
        made = list(_part_sheets(page, whole, grid, parts, source, stock, speech))
    except QueryError:
        return whole
    rest = sheets.left_over(whole.body, grid)
    merged = ListFault("", 0) if rest is None else merge_list(rest, None, index)
    if isinstance(merged, ListFault):
        return whole
    leaves = {
        LIST + call.name: None,
        INDEX + call.name: merged.base,
        PARTS + call.name: sheets.parts_json(parts),
    }
    moved = len(call.body(page.text).encode())
    return replace(
        whole, body=merged.text, leaves=leaves, told=(), grid=None, sheets=made, moved=moved
    )


def _part_sheets(
    page: Page,
    whole: _Made,
    grid: Grid,
    parts: Sequence[Part],
    source: ListSource,
    stock: Stock,
    speech: Speech,
) -> Iterator[Sheet]:
    """The pages of the parts, with what people have made of the rows on them."""
    base = whole.leaves.get(LIST + whole.call.name)
    for place, part in enumerate(parts):
        options = sheets.narrowed(whole.call.options, part)
        keep = choose(replace(whole.call, options=options), source, speech.look, speech.canonical)
        if isinstance(keep, ListFault):
            raise QueryError(keep.key, **keep.params)
        body = sheets.carried(whole.body, keep, grid, place == 0) or ""
        yield from _sheets(page, part, options, body, sheets.base_of(base, keep), stock, speech)


def _sheets(
    page: Page,
    part: Part,
    options: Mapping[str, str],
    body: str,
    base: JSON,
    stock: Stock,
    speech: Speech,
) -> Iterator[Sheet]:
    """A part's page, after those that it is divided among itself; none where it is there."""
    target = Target(page.target.site, part.title)
    if target in page.there:
        return
    look = speech.look
    above = Message("register-part-of", {"page": Ready(link(page.target.title))})
    said = look.messages.text(look.language, above)
    text = f"{said}\n\n{list_text(options, speech.names, body)}\n"
    bases = {} if base is None else {LIST + UNNAMED: base}
    filled = fill(Page(target=target, text=text, base=bases, there=page.there), stock, speech)
    yield from filled.sheets
    yield Sheet(target=target, text=filled.text, leaves=filled.leaves)


def _as_it_was(page: Page, made: _Made, size: int, speech: Speech) -> _Made:
    """The list as it stands, of a page that would be too long for the wiki."""
    body = made.call.body(page.text)
    if len(made.body) <= len(body):
        return made
    params = {"bytes": str(size), "allowed": str(speech.most_bytes)}
    fault = ListFault("register-list-long", made.call.line, params)
    return _Made(call=made.call, body=body, faults=(fault,), whole=made.whole)


def _put_together(page: Page, made: Sequence[_Made], faults: Sequence[ListFault]) -> Filled:
    """The page's new text, with its lines as they will be in what is told."""
    text, done = "", 0
    findings: list[Finding] = []
    left = list(faults)
    for each in made:
        more = text.count("\n") - page.text.count("\n", 0, done)
        while left and left[0].line <= each.call.line:
            findings.append(_finding(page.target, left.pop(0), more))
        text += page.text[done : each.call.start]
        findings += (_finding(page.target, fault, more) for fault in each.faults)
        findings += (_told(page.target, each.call, told, text.count("\n")) for told in each.told)
        text += each.body
        done = each.call.end
    more = text.count("\n") - page.text.count("\n", 0, done)
    findings += (_finding(page.target, fault, more) for fault in left)
    leaves = {slot: value for each in made for slot, value in each.leaves.items()}
    return Filled(
        text=text + page.text[done:],
        leaves=leaves,
        findings=findings,
        changed=[each.call.name for each in made if each.body != each.call.body(page.text)],
        whole=all(each.whole for each in made),
        sheets=[sheet for each in made for sheet in each.sheets],
        moved=sum(each.moved for each in made),
    )


def _size(page: Page, made: Sequence[_Made]) -> int:
    """The page's bytes as it would be."""
    others = len(page.text.encode())
    return others + sum(
        len(each.body.encode()) - len(each.call.body(page.text).encode()) for each in made
    )


def _longer(made: _Made, among: Collection[str]) -> int:
    return len(made.body.encode()) if made.call.name in among else -1


def _finding(target: Target, fault: ListFault, before: int = 0) -> Finding:
    """`before`: how many line ends of the page come before what the fault counts lines from."""
    line = str(fault.line + before)
    said = {name: word[:_LONGEST] for name, word in fault.params.items()}
    params: dict[str, Param] = {**said, "line": line}
    # What is wrong with a question is said to all who ask, on pages and elsewhere.
    where = "" if fault.key.startswith(_OWN_WORDS) else f"line {line}"
    return Finding(target=target, message=Message(fault.key, params), where=where)


_LONGEST = 1_000
"""Characters of what somebody wrote that are told back."""

_OWN_WORDS = ("register-list-", "register-table-")


def _told(target: Target, call: ListCall, told: Told | ListFault, before: int) -> Finding:
    if isinstance(told, ListFault):
        return _finding(target, told, before)
    params: dict[str, Param] = {
        "name": shown(call.name),
        "line": str(told.line + before),
        "row": shown(told.row),
        "column": shown(told.column),
        "theirs": shown(told.theirs),
        "ours": shown(told.ours),
    }
    return Finding(target=target, message=Message(told.what.value, params))
