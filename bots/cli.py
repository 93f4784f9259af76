"""The `hubbot` command: puts a configuration, the wikis, the store and a bot together."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bots.core.config import ConfigError, HubConfig, config_path, load_hub
from bots.core.lease import LeaseTakenError
from bots.core.messages import Messages
from bots.core.ports import Bot
from bots.core.run import Runner
from bots.core.store import Run, Store, StoreError, opened
from bots.terminal import Printer

if TYPE_CHECKING:
    from bots.wiki.sites import Wikis

I18N = Path(__file__).parent.parent / "config" / "i18n"
"""The message files."""

_BAD_ENDINGS = ("failed", "interrupted")


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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Another hub.yaml (or set HUBBOT_CONFIG).",
)
@click.pass_context
def main(context: click.Context, path: Path | None) -> None:
    """Bots that keep what partners bring to Wikimedia alive and honest."""
    context.obj = config_path(path)


@main.command()
@click.argument("bot")
@click.pass_obj
def run(path: Path, bot: str) -> None:
    """Run BOT once: read, plan, apply."""
    _finish(_run(path, bot, lambda runner: runner.run()))


@main.command()
@click.argument("bot")
@click.pass_obj
def plan(path: Path, bot: str) -> None:
    """Print what BOT would do, as a diff; nothing is changed on any wiki."""
    house = open_house(path)
    planned = _run(path, bot, lambda runner: runner.plan(), house)
    if planned is None:
        return
    with house.store() as store:
        edits = house.printer.plan(store.edits(planned))
        house.printer.findings(store.findings(run=planned))
    house.printer.line(f"{edits} edits planned; 'hubbot apply {planned.key}' carries them out")


@main.command()
@click.argument("plan_key", metavar="PLAN")
@click.pass_obj
def apply(path: Path, plan_key: str) -> None:
    """Carry out PLAN, planned afresh: by its key, from 'hubbot plan' or of a held run."""
    house = open_house(path)
    with house.store() as store:
        planned = store.run(plan_key)
    if planned is None:
        raise click.UsageError(f"There is no plan '{plan_key}'; 'hubbot status' shows runs.")
    _finish(_run(path, planned.bot, lambda runner: runner.apply(plan_key), house))


@main.command()
@click.pass_obj
def status(path: Path) -> None:
    """Show what ran, what waits, and who stopped what."""
    house = open_house(path)
    with house.store() as store:
        house.printer.status(store)


@main.command()
@click.pass_obj
def findings(path: Path) -> None:
    """List what is open for people to look at."""
    house = open_house(path)
    with house.store() as store:
        house.printer.findings(store.findings())


@main.command()
@click.option("--offline", is_flag=True, help="Don't log in to the wikis.")
@click.pass_obj
def check(path: Path, offline: bool) -> None:
    """Check configuration, messages, templates, store and credentials."""
    from bots.check import faults

    found = list(faults(path, I18N, offline=offline))
    for fault in found:
        click.echo(fault, err=True)
    if found:
        sys.exit(2)
    click.echo("All is well.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8620, show_default=True)
@click.pass_obj
def web(path: Path, host: str, port: int) -> None:
    """Serve the dashboard on this machine (on Toolforge the Procfile does it)."""
    from webservice.app import create_app

    house = open_house(path)
    click.echo(f"The dashboard is at http://{host}:{port}/ (Ctrl-C ends it)")
    create_app(house.config).run(host=host, port=port)


def open_house(path: Path) -> House:
    """Configuration and messages; ends the command with each fault's file and line."""
    try:
        messages = Messages(I18N)
        return House(load_hub(path), messages, Printer(messages))
    except ConfigError as error:
        _usage(str(error))


def _run(
    path: Path, bot: str, how: Callable[[Runner], Run], house: House | None = None
) -> Run | None:
    """A run, shown; None where another process is at it already."""
    house = house or open_house(path)
    try:
        ended = run_bot(house, bot, how)
    except LeaseTakenError as error:
        house.printer.line(f"{error}. Nothing was done.")
        return None
    except StoreError as error:
        _usage(str(error))
    house.printer.run(ended)
    return ended


def _finish(ended: Run | None) -> None:
    sys.exit(1 if ended and ended.state in _BAD_ENDINGS else 0)


def _usage(words: str) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(2)


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


def _add_sandbox() -> None:
    """Add `sandbox` and `demo`, where this is a checkout and not an image for Toolforge."""
    try:
        from sandbox.commands import demo, sandbox
    except ImportError:
        return
    main.add_command(sandbox)
    main.add_command(demo)


if "TOOL_DATA_DIR" not in os.environ:
    _add_sandbox()

if __name__ == "__main__":
    main()
