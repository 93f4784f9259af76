"""The house put together: configuration, messages, wikis, store, and every bot there is."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bots.core.config import HubConfig, load_hub
from bots.core.messages import Messages
from bots.core.ports import Bot
from bots.core.run import Runner
from bots.core.store import Run, Store, opened
from bots.terminal import Printer

if TYPE_CHECKING:
    from bots.wiki.sites import Wikis

I18N = Path(__file__).parent.parent / "config" / "i18n"
"""The message files."""


@dataclass(frozen=True)
class House:
    """The parts that every command may need, put together once."""

    config: HubConfig
    messages: Messages
    printer: Printer

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, open for writing."""
        with opened(self.config.store_url) as store:
            yield store


def run_bot(house: House, name: str, how: Callable[[Runner], Run]) -> Run:
    """One run of a bot, as the command line and the demo start it.

    SIGTERM, which Toolforge sends before it ends a job, lets the edit at hand be settled.
    Raises `LeaseTakenError`, and `click.UsageError` for a bot that there is not.
    """
    from bots.wiki.desk import Desk  # pywikibot takes a second to import
    from bots.wiki.sites import Wikis

    with house.store() as store, house.printer.progress() as progress:
        wikis = Wikis(house.config)
        bot = make_bot(name, house, wikis, store)
        runner = Runner(bot, Desk(wikis), store, house.config, house.messages, progress)
        with _ending_gently(runner):
            return how(runner)


def make_bot(name: str, house: House, wikis: Wikis, store: Store) -> Bot:
    """The bot of that name, with what it needs. Raises `click.UsageError`."""
    if name not in BOTS:
        raise click.UsageError(f"There is no bot '{name}'; there are: {', '.join(BOTS)}.")
    return BOTS[name](house, wikis, store)


def _intake(house: House, wikis: Wikis, store: Store) -> Bot:
    from bots.intake.bot import Intake

    return Intake(house.config, wikis, store, house.messages)


BOTS: dict[str, Callable[[House, Wikis, Store], Bot]] = {"intake": _intake}
"""Every bot there is, by the name that its stop page, its task page and its runs have."""


def open_house(path: Path) -> House:
    """The house that this hub.yaml describes. Raises `ConfigError`."""
    messages = Messages(I18N)
    return House(load_hub(path), messages, Printer(messages))


@contextmanager
def _ending_gently(runner: Runner) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end the run between two edits; a second Ctrl-C ends it at once."""

    def cancel(_number: int, _frame: object) -> None:
        runner.cancel.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, cancel) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
