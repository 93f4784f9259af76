"""The request template, its TemplateData and its form, rendered from the one table of fields.

`python -m bots.intake.pages` writes them to config/wiki; a test holds that they are up to date.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bots.core.messages import Message, Messages
from bots.intake.fields import FIELDS, Check, Field, Need
from bots.intake.words import Words

CONFIG = Path(__file__).parents[2] / "config"
TEMPLATE = "Partnership request"
GUIDE = "Help:Partnership requests"

_FORM = ("languages", "deadline")
"""The optional fields that the form shows besides the required and suggested ones."""


def rendered(messages: Messages, language: str = "en") -> Mapping[Path, str]:
    """Path below config/wiki/intake (namespace, then title) → the page's text."""
    words = Words(messages, language, TEMPLATE)
    folder = Path("Template")
    return {
        folder / f"{TEMPLATE}.wikitext": template_page(words),
        folder / TEMPLATE / "doc.wikitext": documentation_page(words),
        folder / TEMPLATE / "preload.wikitext": form_page(),
    }


def template_page(words: Words) -> str:
    """The template itself: a table of the fields that are filled in, under any of their names."""
    rows = "".join(_row(words, field) for field in FIELDS)
    caption = words.plain("intake-index-request")
    table = f'<table class="wikitable">\n<caption>{caption}</caption>\n{rows}</table>'
    documentation = f"<noinclude>\n{{{{{TEMPLATE}/doc}}}}</noinclude>"
    return f"<includeonly>{table}</includeonly>{documentation}\n"


def documentation_page(words: Words) -> str:
    """The template's TemplateData: what readers see of it, and what the visual editor offers."""
    data = json.dumps(template_data(words.messages), ensure_ascii=False, indent=2)
    return f"[[{GUIDE}]]\n\n<templatedata>\n{data}\n</templatedata>\n"


def template_data(messages: Messages) -> dict[str, Any]:
    """TemplateData (mediawiki.org, Help:TemplateData#Format) in every language that there is."""
    return {
        "description": _in_all(messages, "intake-template-about"),
        "params": {field.name: _parameter(messages, field) for field in FIELDS},
        "paramOrder": [field.name for field in FIELDS],
        "format": "block",
    }


def form_page() -> str:
    """What the form's editor starts with: the fields, and HubBot's two lines below them."""
    shown = [each for each in FIELDS if each.need is not Need.OPTIONAL or each.name in _FORM]
    width = max(len(field.name) for field in shown)
    lines = [f"| {field.name:<{width}} = {_start(field)}".rstrip() for field in shown]
    return "\n".join(
        [
            f"{{{{{TEMPLATE}",
            *lines,
            "}}",
            "<!-- hubbot:intake begin (HubBot writes between this line and the next) -->",
            "<!-- hubbot:intake end -->",
            "",
        ]
    )


def _row(words: Words, field: Field) -> str:
    given = "".join(f"{{{{{{{name}|}}}}}}" for name in (field.name, *field.aliases))
    label = words.plain(f"intake-label-{field.slug}")
    cells = f'<th scope="row">{label}</th><td dir="auto">\n{given}\n</td>'
    return f"{{{{#if:{given}|<tr>{cells}</tr>}}}}<!--\n-->"


def _parameter(messages: Messages, field: Field) -> dict[str, Any]:
    parameter: dict[str, Any] = {
        "label": _in_all(messages, f"intake-label-{field.slug}"),
        "description": _in_all(messages, f"intake-field-{field.slug}"),
        "type": field.kind,
        "aliases": list(field.aliases),
        "required": field.need is Need.REQUIRED,
        "suggested": field.need is Need.SUGGESTED,
    }
    if field.example:
        parameter["example"] = field.example
    if field.default:
        parameter["autovalue"] = field.default
    if field.check in (Check.CHOICE, Check.CHOICES, Check.YES_NO):
        parameter["suggestedvalues"] = list(field.choices)
    return parameter


def _start(field: Field) -> str:
    """What stands in a field to begin with: nothing that would be taken for an answer."""
    if field.default:
        # Written in two parts, so that it is substituted in the request and not in the form.
        return field.default.replace("subst:", "<includeonly>subst:</includeonly>")
    if field.check is Check.CHOICES:
        return f"<!-- {', '.join(field.choices)} -->"
    return ""


def _in_all(messages: Messages, key: str) -> dict[str, str]:
    return {each: messages.text(each, Message(key)) for each in messages.languages}


def main() -> None:
    """Write the pages."""
    for path, text in rendered(Messages(CONFIG / "i18n")).items():
        file = CONFIG / "wiki" / "intake" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
