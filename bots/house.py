"""The house put together: configuration, messages, wikis, store, and every bot there is."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bots.core.config import HubConfig, load_hub
from bots.core.messages import Messages
from bots.core.outcome import utcnow
from bots.core.ports import Bot
from bots.core.run import Runner
from bots.core.store import Run, Store, opened
from bots.terminal import Printer

if TYPE_CHECKING:
    from bots.datasets.bot import DatasetBot
    from bots.wiki.desk import Desk

I18N = Path(__file__).parent.parent / "config" / "i18n"
"""The message files."""


@dataclass(frozen=True)
class House:
    """The parts that every command may need, put together once."""

    config: HubConfig
    messages: Messages
    printer: Printer
    now: Callable[[], datetime] = utcnow

    @property
    def datasets(self) -> Path:
        """The folder of the mapping files, one a dataset."""
        return self.config.folder / "datasets"

    @property
    def bots(self) -> list[str]:
        """The names of every bot there is, datasets among them."""
        return [*BOTS, *sorted(path.stem for path in self.datasets.glob("*.yaml"))]

    def require(self, name: str) -> None:
        """Raises `click.UsageError` for a bot that there is not."""
        if name not in self.bots:
            raise click.UsageError(f"There is no bot '{name}'; there are: {', '.join(self.bots)}.")

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, open for writing."""
        with opened(self.config.store_url) as store:
            yield store

    @contextmanager
    def store_for_reading(self) -> Iterator[Store]:
        """The store, whose database refuses every write on this connection."""
        store = Store.open_for_reading(self.config.store_url)
        try:
            yield store
        finally:
            store.close()


def run_bot(house: House, name: str, how: Callable[[Runner], Run]) -> Run:
    """One run of a bot, as the command line and the demo start it.

    SIGTERM, which Toolforge sends before it ends a job, lets the edit at hand be settled.
    Raises `LeaseTakenError`, and `click.UsageError` for a bot that there is not.
    """
    return _run(house, lambda desk, store: make_bot(name, house, desk, store), how)


def run_all(house: House, names: Iterable[str], start: Callable[[str], Run | None]) -> list[Run]:
    """One run of each bot, as `start` makes it, in this order; None: it could not be started.

    Datasets may name one another's records. One that names records which were given their items
    by its own run or a later one is run once more, so that both sides are linked at once.
    """
    wanted = list(dict.fromkeys(names))
    with house.store() as store:
        # Of a file of changes, a record that is not in it can't be looked at again, and stays so.
        before = {name: store.linked_anew(name) for name in wanted}
    ended = [run for name in wanted if (run := start(name)) is not None]
    whole = [run.bot for run in ended if run.state == "finished"]
    with house.store() as store:
        again = [name for name in whole if store.linked_anew(name) - before[name]]
    return [*ended, *(run for name in again if (run := start(name)) is not None)]


def undo_run(house: House, undone: Run, how: Callable[[Runner], Run], again: bool = False) -> Run:
    """One run of the bot that takes back what the run `undone` did; `again`: it may be done again.

    Raises `LeaseTakenError`, and `click.UsageError` for a run of a bot that there is no more.
    """
    from bots.undoing.bot import Undoing

    def make(desk: Desk, store: Store) -> Bot:
        bot = None if again else make_bot(undone.bot, house, desk, store)
        return Undoing(undone, desk, store, bot)

    return _run(house, make, how)


def _run(house: House, make: Callable[[Desk, Store], Bot], how: Callable[[Runner], Run]) -> Run:
    from bots.wiki.desk import Desk  # pywikibot takes a second to import
    from bots.wiki.sites import Wikis

    with house.store() as store, house.printer.progress() as progress:
        desk = Desk(Wikis(house.config))
        bot = make(desk, store)
        runner = Runner(bot, desk, store, house.config, house.messages, progress, now=house.now)
        with _ending_gently(runner):
            return how(runner)


@contextmanager
def open_dataset(house: House, name: str) -> Iterator[DatasetBot]:
    """A dataset's bot outside of a run, with its store and its wikis.

    Raises `click.UsageError` and `ConfigError`.
    """
    from bots.wiki.desk import Desk
    from bots.wiki.sites import Wikis

    if name not in house.bots or name in BOTS:
        raise click.UsageError(f"There is no dataset '{name}'; '{house.datasets}' has none.")
    with house.store() as store:
        yield _dataset(name, house, Desk(Wikis(house.config)), store)


def make_bot(name: str, house: House, desk: Desk, store: Store) -> Bot:
    """The bot of that name, with what it needs. Raises `click.UsageError` and `ConfigError`."""
    house.require(name)
    return BOTS[name](house, desk, store) if name in BOTS else _dataset(name, house, desk, store)


def _intake(house: House, desk: Desk, store: Store) -> Bot:
    from bots.intake.bot import Intake

    return Intake(house.config, desk.wikis, store, house.messages)


def _register(house: House, desk: Desk, store: Store) -> Bot:
    from bots.register.bot import Register

    return Register(house.config, desk, store, house.messages, now=house.now)


def _dataset(name: str, house: House, desk: Desk, store: Store) -> DatasetBot:
    from bots.datasets.bot import DatasetBot
    from bots.datasets.mapping import load_dataset

    dataset = load_dataset(house.datasets / f"{name}.yaml", house.config)
    return DatasetBot(
        dataset,
        house.config,
        desk,
        store,
        house.messages,
        folder=house.datasets,
        now=house.now,
    )


BOTS: dict[str, Callable[[House, Desk, Store], Bot]] = {"intake": _intake, "register": _register}
"""The bots that are no dataset, by the name that their stop pages, task pages and runs have."""


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
