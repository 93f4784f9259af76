"""From what a run did to a page, and how the page is now: the edit that takes it back; the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bots.core.entitychange import change_of
from bots.core.entityundo import Left, Step, undo
from bots.core.messages import Message, Param
from bots.core.plan import JSON, Edit, Finding, PageText, Planned, Target
from bots.core.wikibase.model import Entity

AfterUndo = Callable[[str, JSON, JSON], JSON]
"""What a bot wants to know of a slot once a run of its own is undone there: (the slot's name, what
the run left in it, what the base held before) → what the base is to hold, None: nothing."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A page that the run edited.

    - `fault`: why nothing can be taken back there, as a message's key and its parameter; "": it
      can.
    - `made`: the run made the page. `others`: who else has edited it since the run did; of one
      that the run made, besides HubBot.
    - `slots`: what the run changed of the base and nothing has changed since: (what it left there,
      what was there before).
    """

    target: Target
    fault: str = ""
    about: str = ""
    made: bool = False
    others: tuple[str, ...] = ()
    slots: Mapping[str, tuple[JSON, JSON]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SeenEntity(Seen):
    """`steps`: the run's edits, the newest first; `now`: the entity as it is."""

    steps: tuple[Step, ...] = ()
    now: Entity | None = None


@dataclass(frozen=True, kw_only=True)
class SeenPage(Seen):
    """`change`: the page as it was before the run, on top of how it is now.

    `touched`: somebody edited it since.
    """

    change: PageText | None = None
    touched: bool = False


def plan(seen: Iterable[Seen], run: str, after_undo: AfterUndo | None) -> Iterator[Planned]:
    """An edit for each page of which something can be taken back, a finding for all that is left.

    Without `after_undo` the base is to hold again what it did before the run.
    """
    for each in seen:
        if each.fault:
            params = {"page": each.about} if each.about else {}
            yield Finding(target=each.target, message=Message(each.fault, params))
        elif each.made:
            yield _made(each)
        elif isinstance(each, SeenEntity):
            yield from _entity(each, run, after_undo)
        elif isinstance(each, SeenPage):
            yield from _page(each, run, after_undo)


def _made(seen: Seen) -> Finding:
    kind = "item" if isinstance(seen, SeenEntity) else "page"
    if not seen.others:
        return Finding(target=seen.target, message=Message(f"undo-new-{kind}-alone"))
    params = {"list_users": list(seen.others)}
    return Finding(target=seen.target, message=Message(f"undo-new-{kind}", params))


def _entity(seen: SeenEntity, run: str, after_undo: AfterUndo | None) -> Iterator[Planned]:
    if seen.now is None:
        return
    undone = undo(seen.steps, seen.now)
    yield from (_left(seen, left) for left in undone.left)
    # What is brought back may be what a check of ours would find fault with.
    change = change_of(seen.now, undone.patch, restores=True)
    if not change.is_empty:
        yield Edit(
            target=seen.target,
            change=change,
            summary=Message("undo-summary", {"run": run}),
            leaves=_bases(seen.slots, undone.places, after_undo),
        )


def _left(seen: Seen, left: Left) -> Finding:
    params: dict[str, Param] = {
        "what": left.said or left.place,
        "list_users": list(seen.others),
    }
    message = Message(f"undo-left-{left.why}", params)
    return Finding(target=seen.target, where=left.statement or left.place, message=message)


def _page(seen: SeenPage, run: str, after_undo: AfterUndo | None) -> Iterator[Planned]:
    if seen.touched:
        params = {"list_users": list(seen.others)}
        yield Finding(target=seen.target, message=Message("undo-page-changed", params))
    elif seen.change is not None and not seen.change.is_empty:
        yield Edit(
            target=seen.target,
            change=seen.change,
            summary=Message("undo-summary", {"run": run}),
            leaves=_bases(seen.slots, None, after_undo),
        )


def _bases(
    slots: Mapping[str, tuple[JSON, JSON]],
    places: Collection[str] | None,
    after_undo: AfterUndo | None,
) -> dict[str, JSON]:
    """The bases of the slots that are in `places` (None: all), by the first word of their names."""
    return {
        slot: after_undo(slot, left, was) if after_undo else was
        for slot, (left, was) in slots.items()
        if places is None or slot.partition(" ")[0] in places
    }
