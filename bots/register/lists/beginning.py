"""The pages that the register begins on a wiki: once; from then on only their lists are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bots.core.register.kinds import KindConfig, PageConfig, in_words
from bots.core.wikitext import escape
from bots.register.lists.calls import OPTIONS, Names


@dataclass(frozen=True)
class NewPage:
    """A page with its lists: each one's name, what it is of, and how the configuration has it.

    Where several pages of the configuration have one title in a language, they are one page.
    """

    title: str
    lists: Sequence[tuple[str, str, PageConfig]]


def new_pages(kinds: Mapping[str, KindConfig], top: str, language: str) -> Iterator[NewPage]:
    """The pages that there should be below a title, in a language."""
    titles: dict[str, list[tuple[str, str, PageConfig]]] = {}
    for kind in kinds.values():
        for name, page in kind.pages.items():
            title = f"{top}/{in_words(page.title, language)}"
            titles.setdefault(title, []).append((name, page.of or kind.name, page))
    for title, lists in titles.items():
        yield NewPage(title, lists)


def text_of(page: NewPage, names: Names, language: str) -> str:
    """What the page says when it is begun, its lists still empty."""
    parts = []
    for name, of, each in page.lists:
        named = {"name": name} if len(page.lists) > 1 else {}
        text = list_text(options_of(of, each) | named, names)
        parts.append(f"{escape(in_words(each.about, language))}\n\n{text}\n")
    return "\n".join(parts)


def options_of(of: str, page: PageConfig) -> dict[str, str]:
    """What the list of a page asks for, as it is written there."""
    columns = ", ".join(page.columns)
    where, sort, group = page.where, page.sort, page.group
    return {"of": of, "where": where, "columns": columns, "sort": sort, "group": group}


def list_text(options: Mapping[str, str], names: Names, body: str = "") -> str:
    """A list that asks for this."""
    given = [f"{name}={options[name]}" for name in OPTIONS if options.get(name)]
    call = "|".join([names.start[0], *given])
    return f"{{{{{call}}}}}{body or _EMPTY}{{{{{names.end[0]}}}}}"


_EMPTY = "\n"
