"""An Action API error, and how it is shown in each error format."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

_LINK = re.compile(r"\[\[([^\]|]+)\|([^\]]+)\]\]|\[(https?://\S+) ([^\]]+)\]")


@dataclass(frozen=True)
class Message:
    """A message of MediaWiki or Wikibase: its name, parameters, and wikitext in English.

    `code` is the error code that it stands for where that is not its name; `html` is given where
    it is not just the wikitext with its links made.
    """

    name: str
    text: str
    parameters: tuple[Any, ...] = ()
    code: str = ""
    html: str | None = None
    missing: frozenset[str] = frozenset()
    """Titles to which links are red."""

    def as_html(self) -> str:
        """The message with its links made."""
        return self.html if self.html is not None else to_html(self.text, self.missing)


class ApiError(Exception):
    """An answer that is an error.

    `messages` are Wikibase's. `by_status` says that the error came with all of a status's messages,
    each of which is shown as an error of its own outside of the format bc.
    """

    def __init__(
        self,
        code: str,
        info: str,
        *,
        messages: tuple[Message, ...] = (),
        by_status: bool = False,
        module: str = "",
        headers: dict[str, str] | None = None,
        **data: Any,
    ) -> None:
        super().__init__(f"{code}: {info}")
        self.code = code
        self.info = info
        self.messages = messages
        self.by_status = by_status
        self.module = module
        self.headers = headers or {}
        self.data = data
        self.more: list[tuple[str, str, dict[str, Any]]] = []
        """Errors that follow in every format but bc: code, text, data."""

    @classmethod
    def wikibase(cls, code: str, *messages: Message, **data: Any) -> ApiError:
        """An error with Wikibase's messages, the first of which is its text."""
        return cls(code, messages[0].text, messages=messages, **data)

    @classmethod
    def status(cls, code: str, *messages: Message, **data: Any) -> ApiError:
        """An error out of a status, whose first message is the error itself."""
        return cls(code, messages[0].text, messages=messages, by_status=True, **data)

    @property
    def codes(self) -> list[str]:
        """All its codes, for the header MediaWiki-API-Error."""
        named = [message.code or self.code for message in self.messages] if self.by_status else []
        return list(dict.fromkeys([self.code, *named]))


@dataclass(frozen=True)
class ErrorFormat:
    """How errors and warnings are shown: `name` is bc, plaintext, wikitext, html, raw or none."""

    name: str = "bc"
    version: int = 1
    api: str = field(default="")

    def body(self, error: ApiError, module: str) -> dict[str, Any]:
        """The answer to a request that ended in this error."""
        doc = {"docref" if self.version == 2 else "*": self.docref}
        shown = self._messages(error)
        if self.name == "bc":
            facts = {"code": error.code, "info": one_line(error.info), **error.data}
            if error.messages:
                facts["messages"] = shown
            return {"error": {**facts, **doc}}
        data = {**error.data, **({"messages": shown} if error.messages else {})}
        errors = []
        where = error.module or module
        if error.by_status:
            errors = [self._one(m.code or error.code, m.text, {}, where) for m in error.messages]
        else:
            where = error.module or "main"
        errors.append(self._one(error.code, error.info, data, where))
        errors += [self._one(code, text, facts, where) for code, text, facts in error.more]
        return {"errors": errors, **doc}

    def _one(self, code: str, text: str, data: dict[str, Any], module: str) -> dict[str, Any]:
        key = {"html": "html", "raw": "key"}.get(self.name, "text")
        body = to_html(text, frozenset()) if self.name == "html" else one_line(text)
        shown: dict[str, Any] = {"code": code}
        shown[key if self.version == 2 or key == "key" else "*"] = body
        if data:
            shown["data"] = data
        return {**shown, "module": module}

    def _messages(self, error: ApiError) -> list[dict[str, Any]]:
        return [self.message(message) for message in error.messages]

    def message(self, message: Message, **more: str) -> dict[str, Any]:
        """A message as Wikibase puts it into answers."""
        html: Any = message.as_html()
        return {
            "name": message.name,
            "parameters": list(message.parameters),
            "html": html if self.version == 2 else {"*": html},
            **more,
        }

    @property
    def docref(self) -> str:
        """Where MediaWiki sends whoever gets an error."""
        return (
            f"See {self.api} for API usage. Subscribe to the mediawiki-api-announce mailing list at"
            " &lt;https://lists.wikimedia.org/postorius/lists/mediawiki-api-announce.lists."
            "wikimedia.org/&gt; for notice of API deprecations and breaking changes."
        )


def to_html(text: str, missing: frozenset[str]) -> str:
    """Wikitext with its links made; everything else is escaped."""
    parts, at = [], 0
    for found in _LINK.finditer(text):
        parts.append(escape(text[at : found.start()], quote=False))
        title, label, url, words = found.groups()
        parts.append(external(url, words) if url else link(title, label, title in missing))
        at = found.end()
    return "".join([*parts, escape(text[at:], quote=False)])


def link(title: str, label: str, missing: bool) -> str:
    """A link to a page of the wiki, red where there is none."""
    shown, name = escape(label, quote=False), escape(title)
    path = name.replace(" ", "_")
    if missing:
        return (
            f'<a href="/w/index.php?title={path}&amp;action=edit&amp;redlink=1" class="new"'
            f' title="{name} (page does not exist)">{shown}</a>'
        )
    return f'<a href="/wiki/{path}" title="{name}">{shown}</a>'


def external(url: str, label: str) -> str:
    """A link out of the wiki."""
    shown = escape(label, quote=False)
    return f'<a rel="nofollow" class="external text" href="{escape(url)}">{shown}</a>'


def one_line(text: str) -> str:
    """A message as plain text: MediaWiki makes one space of any white space."""
    return re.sub(r"\s+", " ", text).strip()
