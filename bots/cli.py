"""The `hubbot` command: what it can be asked, and the exit status that it ends with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, TextIO

import click
from sqlalchemy.exc import OperationalError

from bots.asking import RegisterCommands
from bots.core.config import ConfigError, config_path
from bots.core.lease import LeaseTakenError
from bots.core.outcome import NotReachedError
from bots.core.run import Runner
from bots.core.store import Run, StoreError, moving
from bots.house import I18N, House, open_dataset, open_house, run_all, run_bot, undo_run

if TYPE_CHECKING:
    from bots.datasets.bot import DatasetBot

_BAD_ENDINGS = ("failed", "interrupted")
_LEFT = 3
"""The exit status of an undoing that left something to people."""
_ALL = 1_000_000
"""Findings that are printed."""


class _Commands(click.Group):
    """Ends a command with what is wrong with the configuration or the store."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (ConfigError, StoreError) as error:
            _usage(str(error))
        except OperationalError as error:
            _usage(f"The store does not answer: {error.orig}")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
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
@click.argument("bots", metavar="BOT...", nargs=-1, required=True)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="A trial: make at most N edits, and list them on User:<account>/trial/BOT.",
)
@click.pass_obj
def run(path: Path, bots: tuple[str, ...], limit: int | None) -> None:
    """Run each BOT once: read, plan, apply.

    Datasets that name one another's records are best run together: one whose records were
    waiting for items that the others have made is run once more at the end.
    """
    house = open_house(path)
    for bot in bots:
        house.require(bot)

    def how(runner: Runner) -> Run:
        return runner.trial(limit) if limit else runner.run()

    ended = run_all(house, bots, lambda bot: _run(path, bot, how, house))
    sys.exit(1 if any(each.state in _BAD_ENDINGS for each in ended) else 0)


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
@click.argument("run_key", metavar="RUN")
@click.option("--dry-run", is_flag=True, help="Only print what would be taken back.")
@click.option("--again", is_flag=True, help="Let the bot's next run do the same anew.")
@click.pass_obj
def undo(path: Path, run_key: str, dry_run: bool, again: bool) -> None:
    """Take back what RUN did, and print what was left since somebody has changed it.

    Ends with 3 where something was left. Unless told '--again', the bot remembers, and does not
    do again what was undone.
    """
    house = open_house(path)
    with house.store() as store:
        undone = store.run(run_key)
    if undone is None:
        raise click.UsageError(f"There is no run '{run_key}'; 'hubbot status' shows runs.")

    def how(runner: Runner) -> Run:
        return runner.plan() if dry_run else runner.undo(run_key)

    ended = _shown(house, lambda: undo_run(house, undone, how, again))
    if ended is None:
        return
    with house.store() as store:
        if dry_run:
            house.printer.plan(store.edits(ended))
        left = store.findings(run=ended, limit=_ALL)
        house.printer.findings(left)
    if ended.state in _BAD_ENDINGS:
        _finish(ended)
    sys.exit(_LEFT if left else 0)


@main.command()
@click.argument("bot")
@click.pass_obj
def rebuild(path: Path, bot: str) -> None:
    """Fill a lost store from what BOT did on the wiki; nothing is changed there.

    When it was cut short, it goes on where it was.
    """
    _finish(_run(path, bot, lambda runner: runner.rebuild()))


@main.group()
def dataset() -> None:
    """What the partner of a dataset gets, and gives back."""


@dataset.command()
@click.argument("name", metavar="DATASET")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "mismatch"]),
    default="csv",
    show_default=True,
    help="'mismatch' is what Wikidata's Mismatch Finder takes.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A file; else stdout.")
@click.pass_obj
def report(
    path: Path, name: str, form: Literal["csv", "json", "mismatch"], out: Path | None
) -> None:
    """Write what people and DATASET's source say differently, once it has stood for 72 hours."""
    with _dataset(path, name) as bot, ExitStack() as files:
        file: TextIO = sys.stdout
        if out is not None:
            opened = out.open("w", newline="", encoding="utf-8", errors="replace")
            file = files.enter_context(opened)
        written = bot.report(file, form)
    if written.left_out:
        click.echo(f"{written.left_out} rows are not such as the format takes", err=True)


@dataset.command("return")
@click.argument("name", metavar="DATASET")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def give_back(path: Path, name: str, folder: Path) -> None:
    """Write into FOLDER what people corrected and added on DATASET's items, in its own columns."""
    with _dataset(path, name) as bot:
        counts = bot.give_back(folder)
    click.echo(f"{counts.corrections} corrections and {counts.additions} additions in {folder}")


@dataset.command()
@click.argument("name", metavar="DATASET")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def answers(path: Path, name: str, file: Path) -> None:
    """Read which rows DATASET's partner refused, from a FILE of 'dataset return' given back."""
    from bots.datasets.feedback.returnfiles import read_answers

    house = open_house(path)
    given, faults = read_answers(file)
    for fault in faults:
        click.echo(f"row {fault.row}: {house.printer.say(fault.message)}", err=True)
    with house.store() as store:
        store.answer(name, given, house.now())
    refused = sum(bool(answer) for answer in given.values())
    click.echo(f"{refused} rows are refused by the partner")
    if faults:
        sys.exit(1)


@dataset.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--id", "name", help="The dataset's id; else the file's name.")
@click.option(
    "--property",
    "properties",
    metavar="[COLUMN=]Pnnn",
    multiple=True,
    help="The property of your identifiers; with COLUMN=, what a column is ('-' for nothing).",
)
@click.option("--key", help="The column that tells one record from another.")
@click.option("--language", help="The language of the names, such as sv.")
@click.option("--partner", help="Whose data it is.")
@click.option("--title", help="What the dataset is called.")
@click.option("--licence", help="Its licence, such as CC0-1.0.")
@click.option("--stated-in", metavar="Qnnn", help="The item of the dataset or register itself.")
@click.option("--site", help="The site of hub.yaml that is written to; else Wikidata.")
@click.option("--yes", is_flag=True, help="Ask nothing: questions are left in the mapping.")
@click.pass_obj
def new(
    path: Path,
    /,
    file: Path,
    name: str | None,
    properties: tuple[str, ...],
    site: str | None,
    yes: bool,
    **said: str | None,
) -> None:
    """Propose a mapping for FILE (CSV, TSV, JSON, GeoJSON), with questions where it isn't sure.

    Writes config/datasets/ID.yaml, and a data package beside a copy of FILE. Nothing is
    overwritten, and nothing is written to a wiki: 'hubbot plan ID' shows what would be.
    """
    from bots.datasets.beginning.asking import new_dataset

    answers = {key.replace("_", "-"): value for key, value in said.items() if value is not None}
    for given in properties:
        column, equals, property_id = given.rpartition("=")
        answers[f"column {column}" if equals else "match"] = property_id
    asks = not yes and sys.stdin.isatty()
    house = open_house(path)
    with _telling(house):
        new_dataset(file, name, site, answers, house, asks=asks)


main.add_command(RegisterCommands("register", help=RegisterCommands.__doc__))


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
    from bots.check import faults, switched_off

    for said in switched_off(path):
        click.echo(said)
    found = list(faults(path, I18N, offline=offline))
    for fault in found:
        click.echo(fault, err=True)
    if found:
        sys.exit(2)
    click.echo("All is well.")


@main.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export_store(path: Path, file: Path) -> None:
    """Write all that the store holds into FILE, to keep it or to move it.

    JSON Lines, packed if FILE's name ends with '.gz'. Bots may be at work: it is the store as it
    is at one moment.
    """
    house = open_house(path)
    with house.store_for_reading() as store, house.printer.progress() as tell:
        count = moving.write(store.engine, file, tell)
    house.printer.line(f"{count} rows are in {file}; 'hubbot import' fills an empty store of them")


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def import_store(path: Path, file: Path) -> None:
    """Fill the store, which must be empty, from a FILE of 'hubbot export': all of it or nothing."""
    house = open_house(path)
    with house.store() as store, house.printer.progress() as tell:
        count = moving.read(store.engine, file, tell)
    house.printer.line(f"{count} rows of {file} are in the store")


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


@contextmanager
def _dataset(path: Path, name: str) -> Iterator[DatasetBot]:
    """A dataset's bot; ends the command with what is wrong with its source or wiki."""
    house = open_house(path)
    with _telling(house), open_dataset(house, name) as bot:
        yield bot


@contextmanager
def _telling(house: House) -> Iterator[None]:
    """Ends the command with what is wrong with a source or a wiki."""
    from bots.datasets.source import SourceError

    try:
        yield
    except SourceError as error:
        _usage("\n".join(house.printer.say(fault.message) for fault in error.faults))
    except NotReachedError as error:
        _usage(f"The wiki could not be reached: {error.outcome.info}")


def _run(
    path: Path, bot: str, how: Callable[[Runner], Run], house: House | None = None
) -> Run | None:
    """A run, shown; None where another process is at it already."""
    house = house or open_house(path)
    return _shown(house, lambda: run_bot(house, bot, how))


def _shown(house: House, start: Callable[[], Run]) -> Run | None:
    """A run, shown; None where another process is at it already."""
    try:
        ended = start()
    except LeaseTakenError as error:
        house.printer.line(f"{error}. Nothing was done.")
        return None
    house.printer.run(ended)
    return ended


def _finish(ended: Run | None) -> None:
    sys.exit(1 if ended and ended.state in _BAD_ENDINGS else 0)


def _usage(words: str) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(2)


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
