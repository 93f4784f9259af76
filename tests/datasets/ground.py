"""The Wikibase that a dataset is tested on: a stand-in of the test's own, or one known by its API.

HUBBOT_WIKIBASE_API names the other one; see CONTRIBUTING.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from sandbox.accounts import Login
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase
from sandbox.wikibase.settings import ADMINS
from tests.wikibase.entities_scene import Person

T = TypeVar("T")

PERSON, TRUSTED, PARTNER, OTHER = "PlainUser", "Admin", "ExampleMuseums", "Other"
"""Who edits besides the bot: an ordinary account, and three that the hub trusts."""
_PASSWORD = "partnerpass-1234"


class Asked(Protocol):
    """A request of HubBot's, in the tests' names."""

    @property
    def method(self) -> str: ...

    @property
    def parameters(self) -> Mapping[str, str]: ...


class Ground(Protocol):
    """A Wikibase with accounts and nothing of the test's yet, and where its things are otherwise
    called than in the tests: see `tests.datasets.names`."""

    api: str
    """Where HubBot asks."""
    account: str
    login: Login
    """The bot's."""
    began: datetime
    """When the dataset's first run is, or a day before it."""
    index: str
    """How identifiers are found: search, or scan where the wiki has none."""
    numbers: Mapping[str, str]
    """What Wikidata's properties and items are called here, where it is otherwise."""

    def own(self, what: str) -> Wikibase:
        """The stand-in itself, for what only its owner has; elsewhere the test is skipped."""

    def follow(self, clock: Callable[[], datetime]) -> None:
        """Let the wiki's clock be this one, where that can be."""

    def seed(self, entity: Mapping[str, Any]) -> None:
        """Make an entity, in the Action API's JSON, that the tests know by its `id`."""

    def person(self, name: str) -> Person:
        """Somebody with a session of their own."""

    def mark(self) -> int:
        """A point in the log of HubBot's requests."""

    def asked_since(self, mark: int) -> Sequence[Asked]:
        """HubBot's requests since then, oldest first."""

    def there(self, text: str) -> str:
        """A text of the tests, as the wiki is told it."""

    def here(self, said: T) -> T:
        """What the wiki or HubBot says, in the tests' names."""


class OwnGround:
    """A stand-in in this process, on which everything is called as in the tests."""

    account = people.BOT
    login = Login(people.BOT_LOGIN, people.BOT_LOGIN_PASSWORD)
    began = datetime(2026, 1, 1, 12, tzinfo=UTC)
    index = "search"
    numbers: Mapping[str, str] = {}

    def __init__(self, wikibase: Wikibase) -> None:
        self._wikibase = wikibase
        self.api = wikibase.api
        people.add_people(wikibase.accounts)
        for name in (PARTNER, OTHER):
            wikibase.accounts.add(name, _PASSWORD, ADMINS)
        wikibase.settings.cirrus_search = True

    def own(self, what: str) -> Wikibase:
        return self._wikibase

    def follow(self, clock: Callable[[], datetime]) -> None:
        self._wikibase.state.now = clock

    def seed(self, entity: Mapping[str, Any]) -> None:
        self._wikibase.state.seed(entity)

    def person(self, name: str) -> Person:
        known = {PERSON: people.PERSON_PASSWORD, TRUSTED: people.ADMIN_PASSWORD}
        return Person(self._wikibase.api, name, known.get(name, _PASSWORD))

    def mark(self) -> int:
        return self._wikibase.mark()

    def asked_since(self, mark: int) -> Sequence[Asked]:
        return self._wikibase.requests_since(mark)

    def there(self, text: str) -> str:
        return text

    def here(self, said: T) -> T:
        return said
