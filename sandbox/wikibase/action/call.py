"""One request to the Action API while it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.wikibase.action.errors import ErrorFormat, Message

if TYPE_CHECKING:
    from sandbox.wikibase.accounts import Session
    from sandbox.wikibase.action.parameters import Module
    from sandbox.wikibase.action.query import Pages
    from sandbox.wikibase.http import Request
    from sandbox.wikibase.server import Wikibase


class Call:
    """A request, who sent it, what was taken of its parameters, and what to warn of."""

    def __init__(
        self,
        wikibase: Wikibase,
        request: Request,
        given: dict[str, str],
        in_query: set[str],
    ) -> None:
        self.wikibase = wikibase
        self.request = request
        self.session: Session = wikibase.session(request)
        self.given = given
        self.in_query = in_query
        """Names of the parameters that came in the query string."""
        self.params: dict[str, Any] = {}
        self.warnings: dict[str, list[str]] = {}
        self.notes: dict[str, list[dict[str, Any]]] = {}
        """Wikibase's warnings, with messages, by module."""
        self.cookies: list[str] = []
        self.errors = ErrorFormat(api=wikibase.api)
        self.module: Module
        self.pages: Pages
        """What action=query is asked about."""
        self.continuing: dict[str, str | int] = {}
        """Where each module of action=query is to go on."""
        self._taken: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    @property
    def high_limits(self) -> bool:
        """Whether lists may have 500 values."""
        return "apihighlimits" in self.session.rights

    @property
    def version(self) -> int:
        """The format version of the answer."""
        return self.errors.version

    def take(self, name: str) -> str | None:
        """A parameter as sent, which is no unknown one then."""
        self._taken.add(name)
        return self.given.get(name)

    def untaken(self) -> list[str]:
        """The parameters that nobody has asked for."""
        return [name for name in self.given if name not in self._taken]

    def warn(self, module: str, text: str) -> None:
        """Put a warning into the answer."""
        self.warnings.setdefault(module, []).append(text)

    def note(self, message: Message) -> None:
        """Put a message of Wikibase's into the answer as a warning."""
        shown = self.errors.message(message, type="warning")
        self.notes.setdefault(self.module.name, []).append(shown)
