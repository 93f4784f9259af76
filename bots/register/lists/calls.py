"""Finds the lists on a page: what each asks for, and where what is ours and people's begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bots.core.config import RegisterConfig
from bots.core.said import nearest, shown
from bots.core.wikitext import TemplateCall, find_templates, find_unclosed
from bots.register.lists.facts import ListFault

OPTIONS = ("of", "where", "columns", "sort", "group", "name")
"""What a list may be given."""

UNNAMED = "list"
"""The name of a list without `name=`."""


@dataclass(frozen=True)
class Names:
    """How the two templates of a list are called; `prefixes`: the wiki's words for Template."""

    start: tuple[str, ...]
    end: tuple[str, ...]
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListCall:
    """A list: what lies between its two calls is `text[start:end]` of the page.

    `line` is that of the first call, `body_line` the one on which it ends, both from 1.
    """

    name: str
    options: Mapping[str, str]
    start: int
    end: int
    line: int
    body_line: int

    def body(self, text: str) -> str:
        """What lies between the calls."""
        return text[self.start : self.end]


def names_of(config: RegisterConfig, prefixes: Iterable[str] = ()) -> Names:
    """The templates' names by the configuration."""
    starts = (config.list_template, *config.list_template_aliases)
    return Names(starts, (f"{starts[0]} end", *config.list_end_aliases), tuple(prefixes))


@lru_cache(maxsize=16)
def find_lists(text: str, names: Names) -> Sequence[ListCall | ListFault]:
    """The lists of a page in their order; a fault, by the page's line, for each that is none.

    Where a page has a fault, nothing can be said of lists that aren't found there. A long page
    takes half a second, and is asked about more than once in a run: the last ones are remembered.
    """
    found: list[ListCall | ListFault] = [
        _fault("register-list-unclosed", each.line, template=each.name)
        for each in find_unclosed(text, (*names.start, *names.end), names.prefixes)
    ]
    opened: TemplateCall | None = None
    for call, begins in _calls(text, names):
        if call.depth:
            found.append(
                _fault("register-list-nested", call.line, template=call.name, inside=call.inside)
            )
        elif begins:
            found += [] if opened is None else [_endless(opened, names)]
            opened = call
        elif opened is None:
            start = names.start[0]
            found.append(
                _fault("register-list-no-start", call.line, template=call.name, start=start)
            )
        else:
            found.append(_between(text, opened, call))
            opened = None
    found += [] if opened is None else [_endless(opened, names)]
    return tuple(sorted(_once(found), key=lambda each: each.line))


def _calls(text: str, names: Names) -> Iterator[tuple[TemplateCall, bool]]:
    """The calls of both templates, in the order of the page, and whether each begins a list."""
    ends = {_title(name) for name in names.end}
    for call in find_templates(text, (*names.start, *names.end), names.prefixes):
        yield call, call.name not in ends


def _title(name: str) -> str:
    spaced = name.replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:]


def _between(text: str, start: TemplateCall, end: TemplateCall) -> ListCall | ListFault:
    options = {each.name: each.value for each in start.parameters if each.value}
    for name in options:
        if name not in OPTIONS:
            close = nearest(name, OPTIONS)
            params = {"option": shown(name), "options": ", ".join(OPTIONS)}
            if close:
                return _fault("register-list-option-close", start.line, **params, close=close)
            return _fault("register-list-option", start.line, **params)
    return ListCall(
        name=options.get("name", UNNAMED),
        options=options,
        start=start.end,
        end=end.start,
        line=start.line,
        body_line=start.line + text.count("\n", start.start, start.end),
    )


def _once(found: Sequence[ListCall | ListFault]) -> Iterator[ListCall | ListFault]:
    """Of lists with one name, none can be told from the other."""
    counts = Counter(each.name for each in found if isinstance(each, ListCall))
    for each in found:
        if isinstance(each, ListCall) and counts[each.name] > 1:
            yield _fault("register-list-doubled", each.line, name=shown(each.name))
        else:
            yield each


def _endless(start: TemplateCall, names: Names) -> ListFault:
    return _fault("register-list-no-end", start.line, template=start.name, end=names.end[0])


def _fault(key: str, line: int, **params: str) -> ListFault:
    return ListFault(key, line, params)
