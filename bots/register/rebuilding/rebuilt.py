"""A lost store filled again from one wiki, and how it is known that it was lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from bots.core.messages import Message
from bots.core.plan import Finding, Judged, Planned, Target
from bots.core.ports import Progress
from bots.core.register.kinds import KindConfig
from bots.core.register.query import quoted
from bots.register.lists.choosing import Canonical
from bots.register.rebuilding.reading import begun, edited, our_edits
from bots.register.rebuilding.retelling import Options, Retelling, Words
from bots.register.slots import Base
from bots.wiki.sites import Wiki


def rebuilt(
    wiki: Wiki,
    bot: str,
    top: str,
    words: Words,
    begins: Collection[str],
    held: Mapping[str, Base],
    progress: Progress,
) -> Iterator[Planned]:
    """What the bot's edits left on a wiki, but for the slots that the store holds: `held`.

    `begins`: the pages that the register begins there. Raises `NotReachedError`.
    """
    told = Retelling(words)
    for edit in our_edits(wiki, bot, progress):
        told.tell(edit)
    for title, slots in told.slots(begun(wiki, bot, top) & set(begins)).items():
        known = held.get(title, {})
        left = {slot: value for slot, value in slots.items() if slot not in known}
        if left:
            yield Judged(target=Target(wiki.key, title), leaves=left)
    for title in sorted(told.hidden):
        yield Finding(target=Target(wiki.key, title), message=Message("dataset-rebuild-hidden"))


def was_lost(wiki: Wiki, bot: str, top: str, listed: Collection[str]) -> bool:
    """Whether the bot has edited a page with lists or one below the register's top.

    Then a store without bases is one that was lost. Raises `NotReachedError`.
    """
    below = f"{wiki.namespace(top)[1]}/"
    return any(
        title in listed or wiki.namespace(title)[1].startswith(below) for title in edited(wiki, bot)
    )


def conditions(
    kinds: Mapping[str, KindConfig], canonical: Canonical
) -> Callable[[Options, str], str]:
    """What the part of a list asks for besides, told from what its group is called."""

    def condition(options: Options, label: str) -> str:
        group = options.get("group", "")
        kind = kinds.get(options.get("of", ""))
        known = kind.fields.get(group) if kind else None
        value = canonical(known, label) if known else label
        said = quoted(value or label)
        return f"{group}={said}" if group and said else ""

    return condition
