"""The register's templates, forms and own pages, rendered from the kinds of records.

`python -m bots.register.pages` writes them to config/wiki; a test holds that they are up to date.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bots.core.config import RegisterConfig
from bots.core.messages import Message, Messages
from bots.core.register.computed import load_computed
from bots.core.register.kinds import FieldConfig, KindConfig, Type, Words, in_words, load_kinds
from bots.core.wikitext import escape, link
from bots.register.lists.beginning import NewPage, new_pages, text_of
from bots.register.lists.calls import OPTIONS, names_of

CONFIG = Path(__file__).parents[2] / "config"

_TYPES = {
    Type.NUMBER: "number",
    Type.DATE: "date",
    Type.URL: "url",
    Type.USER: "wiki-user-name",
    Type.PAGE: "wiki-page-name",
    Type.RECORD: "wiki-page-name",
    Type.TEXT: "string",
}
"""What TemplateData (mediawiki.org, Help:TemplateData) calls what holds one value."""


def rendered(
    kinds: Mapping[str, KindConfig],
    messages: Messages,
    register: RegisterConfig,
    language: str = "en",
) -> Mapping[Path, str]:
    """Path below config/wiki/register (namespace, then title) → the page's text."""
    own = _Pages(kinds, messages, register, language)
    pages = dict(own.templates())
    main = {register.top: own.top(), **{title: own.kind(kind) for title, kind in own.homes.items()}}
    return {
        **{Path("Template", f"{name}.wikitext"): text for name, text in pages.items()},
        **{Path("Main", f"{title}.wikitext"): text for title, text in main.items()},
    }


def template_page(kind: KindConfig, language: str) -> str:
    """The template itself: a table of the fields that are filled in, under any of their names."""
    rows = "".join(_row(name, field, language) for name, field in kind.fields.items())
    caption = escape(in_words(kind.label, language))
    table = f'<table class="wikitable">\n<caption>{caption}</caption>\n{rows}</table>'
    return f"<includeonly>{table}</includeonly>{_documented(kind.template)}\n"


def template_data(kind: KindConfig) -> dict[str, Any]:
    """The template's TemplateData, in every language that the kind is described in."""
    return {
        "description": dict(kind.about),
        "params": {name: _parameter(field) for name, field in kind.fields.items()},
        "paramOrder": list(kind.fields),
        "format": "block",
    }


def form_page(kind: KindConfig) -> str:
    """What the form's editor starts with: every field, empty."""
    width = max(map(len, kind.fields))
    lines = [f"| {name:<{width}} = {_hint(field)}".rstrip() for name, field in kind.fields.items()]
    return "\n".join([f"{{{{{kind.template}", *lines, "}}", ""])


class _Pages:
    """Renders pages in one language; `homes`: the title of a kind's own page → the kind."""

    def __init__(
        self,
        kinds: Mapping[str, KindConfig],
        messages: Messages,
        register: RegisterConfig,
        language: str,
    ) -> None:
        self._kinds = kinds
        self._messages = messages
        self._names = names_of(register)
        self._top = register.top
        self._language = language
        self._begun = {page.title: page for page in new_pages(kinds, register.top, language)}
        self.homes = {f"{register.top}/{kind.below}": kind for kind in kinds.values()}

    def templates(self) -> Iterator[tuple[str, str]]:
        """Every template: title without namespace, text."""
        for kind in self._kinds.values():
            yield kind.template, template_page(kind, self._language)
            about = self._word(kind.about)
            home = link(f"{self._top}/{kind.below}", self._word(kind.plural))
            yield f"{kind.template}/doc", _documentation(template_data(kind), f"{about} ({home})")
            yield f"{kind.template}/preload", form_page(kind)
        start, end = self._names.start[0], self._names.end[0]
        about = self._say("register-list-about")
        yield start, f"<includeonly></includeonly>{_documented(start)}\n"
        yield f"{start}/doc", f"{_documentation(self._list_data(), about)}{self._list_of()}"
        yield end, f"<includeonly>{self._note()}</includeonly>{_documented(start)}\n"

    def top(self) -> str:
        """The register's own page, which leads to all others."""
        homes = (
            self._entry(title, kind.about, self._word(kind.plural))
            for title, kind in self.homes.items()
        )
        lists = (
            self._entry(title, page.lists[0][2].about, self._word(page.lists[0][2].title))
            for title, page in self._begun.items()
            if title not in self.homes
        )
        return "\n".join(
            [
                self._say("register-top-about"),
                f"\n== {self._say('register-top-kinds')} ==",
                *homes,
                f"\n== {self._say('register-top-lists')} ==",
                *lists,
                "",
            ]
        )

    def kind(self, kind: KindConfig) -> str:
        """A kind's own page: a form for a new record, its lists, and where else to look."""
        title = f"{self._top}/{kind.below}"
        of = {page.title: page for page in new_pages({"": kind}, self._top, self._language)}
        others = [
            self._entry(each, page.lists[0][2].about, self._word(page.lists[0][2].title))
            for each, page in of.items()
            if each != title
        ]
        begun = self._begun.get(title)
        return "\n".join(
            [
                f"{self._say('register-kind-about', about=self._word(kind.about))}\n",
                _form(title, kind, self._say("register-kind-new", kind=self._word(kind.label))),
                *([] if begun is None else [self._lists(begun)]),
                *([f"\n== {self._say('register-top-lists')} ==", *others] if others else []),
                "",
            ]
        )

    def _lists(self, page: NewPage) -> str:
        heading = self._word(page.lists[0][2].title)
        return f"\n== {escape(heading)} ==\n{text_of(page, self._names, self._language)}".rstrip()

    def _entry(self, title: str, about: Words, label: str) -> str:
        return f"* {link(title, label)}: {escape(self._word(about))}"

    def _note(self) -> str:
        """What readers see below a list: in the wiki's own language, in colours of its own."""
        said = {
            code: escape(self._messages.text(code, Message("register-list-note")))
            for code in self._messages.languages
        }
        others = "".join(f"|{code}={text}" for code, text in said.items() if code != "en")
        words = f"{{{{#switch:{{{{CONTENTLANGUAGE}}}}{others}|#default={said['en']}}}}}"
        style = "font-size: 85%; text-align: end; opacity: 0.8;"
        return f'<div class="hubbot-list-note" style="{style}">{words}</div>'

    def _list_data(self) -> dict[str, Any]:
        def in_all(key: str) -> dict[str, str]:
            return {
                code: self._messages.text(code, Message(key)) for code in self._messages.languages
            }

        return {
            "description": in_all("register-list-about"),
            "params": {
                name: {
                    "label": name,
                    "description": in_all(f"register-list-option-{name}"),
                    "type": "line",
                    "example": example,
                    "required": name == "of",
                    "suggested": name in ("columns", "where"),
                }
                for name, example in _EXAMPLES.items()
            },
            "paramOrder": list(OPTIONS),
            "format": "inline",
        }

    def _list_of(self) -> str:
        """What lists can be of, with the fields that are in no template."""
        computed = load_computed()
        kinds = {
            name: f"{self._word(kind.about)} ({link(f'Template:{kind.template}', kind.template)})"
            for name, kind in self._kinds.items()
        }
        others = {
            ", ".join(each.asked): self._word(each.about)
            for each in computed.values()
            if each.asked
        }
        fields = {", ".join(each.asked) or name: each.fields for name, each in computed.items()}
        return "".join(
            f"\n=== of={of} ===\n{about}\n{self._table(fields.get(of, {}))}"
            for of, about in {**kinds, **others}.items()
        )

    def _table(self, fields: Mapping[str, FieldConfig]) -> str:
        rows = (
            f'|-\n! scope="row" | {name}\n| {escape(self._word(field.label))}'
            f"\n| {escape(self._word(field.about))}\n"
            for name, field in fields.items()
        )
        return f'{{| class="wikitable"\n{"".join(rows)}|}}\n' if fields else ""

    def _say(self, key: str, **params: str) -> str:
        return self._messages.text(self._language, Message(key, params), escape)

    def _word(self, words: Words) -> str:
        return in_words(words, self._language)


_EXAMPLES = {
    "of": "partner",
    "where": "country=SE; stage!=ended",
    "columns": "name, region, stage",
    "sort": "name",
    "group": "country",
    "name": "by-country",
}
"""Of each option of a list."""


def _row(name: str, field: FieldConfig, language: str) -> str:
    given = "".join(f"{{{{{{{each}|}}}}}}" for each in (name, *field.aliases))
    label = escape(in_words(field.label, language))
    cells = f'<th scope="row">{label}</th><td dir="auto">\n{given}\n</td>'
    return f"{{{{#if:{given}|<tr>{cells}</tr>}}}}<!--\n-->"


def _parameter(field: FieldConfig) -> dict[str, Any]:
    parameter: dict[str, Any] = {
        "label": dict(field.label),
        "description": dict(field.about),
        "type": "string" if field.many else _TYPES.get(field.type, "line"),
        "aliases": list(field.aliases),
        "required": field.needed,
    }
    if field.example:
        parameter["example"] = field.example
    if values := _values(field):
        parameter["suggestedvalues"] = values
    return parameter


def _values(field: FieldConfig) -> Sequence[str]:
    return ["yes", "no"] if field.type is Type.YES_NO else list(field.choices)


def _hint(field: FieldConfig) -> str:
    """What may stand in a field, as a comment, which is no answer."""
    return f"<!-- {', '.join(values)} -->" if (values := _values(field)) else ""


def _documented(template: str) -> str:
    return f"<noinclude>\n{{{{{template}/doc}}}}</noinclude>"


def _documentation(data: Mapping[str, Any], about: str) -> str:
    shown = json.dumps(data, ensure_ascii=False, indent=2)
    return f"{about}\n\n<templatedata>\n{shown}\n</templatedata>\n"


def _form(title: str, kind: KindConfig, button: str) -> str:
    """A form (mediawiki.org, Extension:InputBox) that begins a record's page."""
    placeholder = kind.fields[kind.called].example
    return "\n".join(
        [
            "<inputbox>",
            "type=create",
            f"prefix={title}/",
            f"preload=Template:{kind.template}/preload",
            *([f"placeholder={placeholder}"] if placeholder else []),
            f"buttonlabel={button}",
            "width=60",
            "break=yes",
            "</inputbox>",
        ]
    )


def main() -> None:
    """Write the pages."""
    kinds = load_kinds(CONFIG / "records")
    for path, text in rendered(kinds, Messages(CONFIG / "i18n"), RegisterConfig()).items():
        file = CONFIG / "wiki" / "register" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
