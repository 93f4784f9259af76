"""What the intake remembers of partnership requests, for what is counted of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from bots.core.config import HubConfig
from bots.core.plan import JSON, Target
from bots.core.store import Store

_STATE, _ABOUT = "state:", "about:"


@dataclass(frozen=True)
class Request:
    """A request: when it was first seen and first answered, and where its partner is.

    `answered` is None while nobody has answered. `country` and `languages`: codes.
    """

    title: str
    first: date
    answered: date | None = None
    country: Sequence[str] = ()
    languages: Sequence[str] = ()

    @property
    def waited(self) -> int | None:
        """Days until the answer; None while there is none."""
        return None if self.answered is None else max(0, (self.answered - self.first).days)


def read_requests(store: Store, config: HubConfig) -> list[Request]:
    """All requests that the intake knows, without drafts."""
    top = config.intake.requests_page
    title = f"{top[:1].upper()}{top[1:]}".replace("_", " ")
    return list(requests_in(store.base("intake", Target(config.hub, title))))


def requests_in(slots: Mapping[str, JSON]) -> Iterator[Request]:
    """The requests in what the intake left on the requests page; see `bots.intake.plan`."""
    for slot, memo in slots.items():
        title = slot.removeprefix(_STATE)
        match memo:
            case [str(state), str(), str(first), *_] if title != slot and state != "draft":
                day = _day(first)
                if day is not None:
                    yield _request(title, day, slots.get(_ABOUT + title))


def waiting(requests: Iterable[Request]) -> str:
    """The median of the days until the answer, of those that were answered; "" without any."""
    days = [each.waited for each in requests if each.waited is not None]
    return f"{median(days):.1f}".removesuffix(".0") if days else ""


def _request(title: str, first: date, about: JSON) -> Request:
    if not isinstance(about, dict):
        return Request(title, first)
    return Request(
        title=title,
        first=first,
        answered=_day(about.get("answered")),
        country=tuple(about.get("country", ())),
        languages=tuple(about.get("languages", ())),
    )


def _day(text: JSON) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
