"""Parameters of a template call written into the page, in the style of the call's author."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bots.core.wikitext.scan import Braces
from bots.core.wikitext.templates import Page, Parameter, TemplateCall, read_parameters

_BAD_IN_NAME = re.compile(r"[|=<>{}\[\]\n]")
_BLANKS = re.compile(r"[^\S\n]*")


def set_parameters(text: str, call: TemplateCall, values: Mapping[str, str | None]) -> str:
    """Return ``text`` with parameters of ``call`` set, or taken out where the value is None.

    White space and comments around a value stay, new parameters are put last and look like the
    others; every byte that isn't part of a changed parameter stays. Values go in as they are.
    Raises ValueError for a value that would not stay within its parameter, for a name that can't be
    one, for taking out a parameter without a name that others follow, and if the call isn't on
    this page.
    """
    page = Page.of(text)
    _require_same(page, call)
    counts = {each.name: each for each in call.parameters}
    taken_out = {name for name, value in values.items() if value is None}
    edits: list[_Edit] = _removals(page, call, taken_out)
    expected: list[tuple[str, str]] = []
    for each in call.parameters:
        value = values.get(each.name, each.value)
        if value is None:
            continue
        if each.name in values and each is counts[each.name] and value != each.value:
            edit = _replacement(page, call, each, value)
            edits.append(edit)
            raw = text[each.value_start : edit.start] + edit.new + text[edit.end : each.end]
            expected.append((each.name, raw.strip()))
        else:
            expected.append((each.name, each.raw.strip()))
    for name, value in values.items():
        if value is not None and name not in counts:
            edits.append(_addition(page, call, name, value, taken_out))
            expected.append((name, value.strip()))
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        pieces += (text[done : edit.start], edit.new)
        done = max(done, edit.end)
    written = "".join(pieces) + text[done:]
    if written != text:
        _require_kept(written, call, len(written) - len(text), expected)
    return written


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    new: str


def _braces_at(page: Page, start: int) -> Braces | None:
    return next(
        (each for each in page.seen.braces if each.start == start and each.kind == "template"), None
    )


def _require_same(page: Page, call: TemplateCall) -> None:
    braces = _braces_at(page, call.start)
    known = read_parameters(page, braces) if braces and braces.end == call.end else None
    if known != call.parameters or [p.raw for p in known] != [p.raw for p in call.parameters]:
        raise ValueError(f"the call of {call.name} is not at this place of the text")


def _require_kept(
    written: str, call: TemplateCall, grown: int, expected: list[tuple[str, str]]
) -> None:
    """Read the page again: the call must hold what was meant, and end where it should."""
    page = Page.of(written)
    braces = _braces_at(page, call.start)
    if braces and braces.end == call.end + grown:
        found = [(each.name, each.raw.strip()) for each in read_parameters(page, braces)]
        if found == expected:
            return
    raise ValueError(f"a value would not stay within its parameter of {call.name}")


def _trailing(page: Page, call: TemplateCall, place: int) -> str:
    """Return the white space at the end of a parameter, or of the name where ``place`` is -1."""
    if place >= 0:
        each = call.parameters[place]
        after_value = _split(page, each)[1]
        return page.text[_rstripped(page.text, after_value, each.end) : each.end]
    end = _name_end(call)
    return page.text[_rstripped(page.text, call.start, end) : end]


def _name_end(call: TemplateCall) -> int:
    return call.parameters[0].start - 1 if call.parameters else call.end - 2


def _rstripped(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _removals(page: Page, call: TemplateCall, names: Collection[str]) -> list[_Edit]:
    """Take parameters out; behind the last that stays the white space is as it was at the end."""
    gone = [each.name in names for each in call.parameters]
    unnamed = [
        is_gone for each, is_gone in zip(call.parameters, gone, strict=True) if each.positional
    ]
    if any(before and not after for before, after in pairwise(unnamed)):
        raise ValueError(f"without it, other parameters of {call.name} would change their names")
    tail = _last_kept(call, names) + 1
    edits = [
        _Edit(each.start - 1, each.end, "")
        for each, is_gone in zip(call.parameters[:tail], gone, strict=False)
        if is_gone
    ]
    if tail < len(gone):
        start = call.parameters[tail].start - 1
        end = call.end - 2
        if not (tail and call.parameters[tail - 1].positional):
            start -= len(_trailing(page, call, tail - 1))
            end -= len(_trailing(page, call, len(gone) - 1))
        edits.append(_Edit(start, end, ""))
    return edits


def _last_kept(call: TemplateCall, taken_out: Collection[str]) -> int:
    place = len(call.parameters) - 1
    while place >= 0 and call.parameters[place].name in taken_out:
        place -= 1
    return place


def _split(page: Page, parameter: Parameter) -> tuple[int, int]:
    """Return where the value proper begins and ends, without white space and comments around it."""
    text, end = page.text, parameter.end
    comments = page.comments(parameter.value_start, end)
    start = parameter.value_start
    for comment in comments:
        if text[start : comment.start].strip():
            break
        start = comment.end
    if not text[start:end].strip():
        if not comments:
            blanks = _BLANKS.match(text, start, end)
            start = blanks.end() if blanks else start
        return start, start
    while text[start].isspace():
        start += 1
    for comment in reversed(comments):
        if text[comment.end : end].strip():
            break
        end = comment.start
    return start, _rstripped(text, start, end)


def _replacement(page: Page, call: TemplateCall, parameter: Parameter, value: str) -> _Edit:
    start, end = _split(page, parameter)
    if start == parameter.value_start == end and value and not parameter.positional:
        value = _style(page, call).after_equals + value
    return _Edit(start, end, value)


def _addition(
    page: Page, call: TemplateCall, name: str, value: str, taken_out: Collection[str]
) -> _Edit:
    """Put a parameter behind the last, with the pipe as it is before the last."""
    if not name or name != name.strip() or _BAD_IN_NAME.search(name):
        raise ValueError(f"not a parameter's name: {name!r}")
    style = _style(page, call)
    padding = " " * max(style.column - len(style.before_name + name), 1) if style.column else ""
    before_equals = padding or style.before_equals
    new = f"|{style.before_name}{name}{before_equals}={style.after_equals}{value}"
    last = _last_kept(call, taken_out)
    trailing = _trailing(page, call, last)
    if last >= 0 and call.parameters[last].positional:
        # The white space is part of its value.
        at = call.parameters[last].end
        return _Edit(at, at, new + (trailing if "\n" in trailing else ""))
    end = call.parameters[last].end if last >= 0 else _name_end(call)
    at = end - len(trailing)
    return _Edit(at, at, _trailing(page, call, max(last - 1, -1)) + new)


@dataclass(frozen=True, slots=True)
class _Style:
    """White space as the author puts it; ``column``: where all ``=`` stand, 0 if they don't."""

    before_name: str
    before_equals: str
    after_equals: str
    column: int = 0


def _style(page: Page, call: TemplateCall) -> _Style:
    named = [each for each in call.parameters if not each.positional]
    if not named:
        if "\n" in _trailing(page, call, -1):
            return _Style(" ", " ", " ")
        return _Style("", "", "")
    edges = [_edges(page.text[each.start : each.value_start - 1]) for each in named]
    lengths = {len(name) for _, name, _ in edges}
    columns = {len("".join(each)) for each in edges}
    aligned = len(columns) == 1 and len(lengths) > 1
    filled = [each for each in named if each.value] or named
    blanks = _BLANKS.match(filled[-1].raw)
    return _Style(
        edges[-1][0],
        edges[-1][2],
        blanks[0] if blanks else "",
        columns.pop() if aligned else 0,
    )


def _edges(text: str) -> tuple[str, str, str]:
    """Return what is before, in and after the white space at the ends."""
    core = text.strip()
    start = text.index(core)
    return text[:start], core, text[start + len(core) :]
