"""Which of the answers in rows on wiki pages count: who gave them, remembered in the store.

Nothing is asked of the wiki but for answers that the store does not know yet, and for those that
do not count so far.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bots.core.config import HubConfig
from bots.core.messages import Message, Param
from bots.core.plan import Finding, Target
from bots.core.ports import Author, Desk
from bots.core.store import Decision, Store


@dataclass(frozen=True)
class Answer:
    """What stands as an answer in a row.

    - `page`: where it is; `key`: the row's; `choice`: what it comes to, at most 32 characters.
    - `pair`: what the row was about when it was written.
    """

    page: Target
    key: str
    choice: str
    pair: str


class Counting:
    """The answers to the rows of one kind, which the store keeps under `about`.

    `said` gives the key and the choice of each answer that stands in a text of a page.
    """

    def __init__(
        self,
        desk: Desk,
        store: Store,
        config: HubConfig,
        bot: str,
        about: Target,
        partner_accounts: Collection[str],
        now: datetime,
        said: Callable[[str], Collection[tuple[str, str]]],
    ) -> None:
        self._desk = desk
        self._store = store
        self._bot = bot
        self._about = about
        self._partner = {_account(name) for name in (*partner_accounts, config.account)}
        self._groups = list(config.trusted_groups)
        self._now = now
        self._said = said

    def kept(self) -> list[Decision]:
        """What has ever been decided, as far as it was not taken back; the newest last."""
        found = self._store.decisions(self._bot, self._about)
        return sorted(found, key=lambda each: each.decided)

    def take_back(self, decision: Decision) -> None:
        """It does not count after all."""
        self._store.undecide(decision)

    def count(
        self, answers: Iterable[Answer], blank: Iterable[tuple[str, str]]
    ) -> Iterator[Finding | Decision]:
        """The decisions that are new, which the store then has, and why other answers don't count.

        `blank`: key and pair of the rows without an answer: what was decided there is taken back.
        Raises `NotReachedError`.
        """
        known = {(each.slot, each.pair): each for each in self.kept()}
        for key, pair in blank:
            if (key, pair) in known:
                self._store.undecide(known[key, pair])
        news: dict[Target, dict[tuple[str, str], Answer]] = {}
        for answer in answers:
            before = known.get((answer.key, answer.pair))
            if before is None or before.choice != answer.choice:
                news.setdefault(answer.page, {})[answer.key, answer.choice] = answer
        for page, asked in news.items():
            authors = self._desk.decided_by(page, asked, self._said)
            for said, answer in asked.items():
                found = self._judge(answer, authors.get(said))
                before = known.get((answer.key, answer.pair))
                if isinstance(found, Decision):
                    self._store.decide(found)
                elif before is not None:
                    self._store.undecide(before)
                yield found

    def _judge(self, answer: Answer, author: Author | None) -> Decision | Finding:
        params: dict[str, Param] = {"answer": answer.choice, "list_groups": self._groups}
        if author is None:
            said = Message("choosing-waits", params)
            return Finding(target=answer.page, message=said, where=answer.key)
        if _account(author.user) in self._partner:
            said = Message("choosing-partner", {"user": author.user, **params})
            return Finding(target=answer.page, message=said, where=answer.key)
        return Decision(
            bot=self._bot,
            target=self._about,
            slot=answer.key,
            pair=answer.pair,
            choice=answer.choice,
            user=author.user,
            revid=author.revid,
            decided=self._now,
        )


def _account(name: str) -> str:
    """A user's name as the wiki writes it."""
    spaced = " ".join(name.replace("_", " ").split())
    return spaced[:1].upper() + spaced[1:]
