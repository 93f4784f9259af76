"""What the `hubbot` command prints: plans as coloured diffs, runs, states, progress."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bots.core.messages import Message, Messages
from bots.core.plan import Edit
from bots.core.store import Run, SpooledEdit, Store, StoredFinding

LANGUAGE = "en"
"""The command speaks English; what it shows of the wikis is as it is there."""

_STYLES = {"+": "green", "-": "red", "@": "cyan"}
_CONTEXT_LINES = 2
_DIFF_LINES = 400

Tell = Callable[[str, int, int | None], None]


def plain(value: str) -> str:
    """A value from outside, without what would steer a terminal or turn its text around."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") else "�"
        for c in value
    )


def diff_lines(edit: Edit) -> list[str]:
    """The edit as a unified diff, cut after a few hundred lines, which is then said."""
    before, after = edit.change.shown
    lines = list(
        difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=_CONTEXT_LINES)
    )[2:]
    if len(lines) > _DIFF_LINES:
        return [*lines[:_DIFF_LINES], f"… and {len(lines) - _DIFF_LINES} lines more"]
    return lines


class Printer:
    """Prints for people on a terminal, and plainly into a file or a pipe."""

    def __init__(self, messages: Messages, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self.messages = messages

    def say(self, message: Message) -> str:
        """A message in the command's language, safe for the terminal."""
        return self.messages.text(LANGUAGE, message, plain)

    def line(self, text: str, style: str = "") -> None:
        """One line, its words taken as they are."""
        self.console.print(Text(text, style=style))

    def plan(self, edits: Iterable[SpooledEdit]) -> int:
        """The plan as a coloured diff; how many edits it has."""
        count = 0
        for spooled in edits:
            count += 1
            if spooled.edit is None:
                self.line(f"{spooled.target}: its text is no longer kept")
                continue
            edit = spooled.edit
            self.line(f"{plain(str(edit.target))} ({edit.kind})", "bold")
            for reason in edit.reasons:
                self.line(f"  {self.say(reason)}", "italic")
            for line in diff_lines(edit):
                self.line(f"  {plain(line)}", _STYLES.get(line[:1], ""))
        return count

    def findings(self, found: Iterable[StoredFinding]) -> None:
        """One line a finding: where, and what."""
        for stored in found:
            finding = stored.finding
            where = f" ({plain(finding.where)})" if finding.where else ""
            self.line(f"{plain(str(finding.target))}{where}: {self.say(finding.message)}")

    def run(self, run: Run) -> None:
        """What became of a run, in one line or two."""
        counts = ", ".join(f"{number} {name}" for name, number in sorted(run.counts.items()))
        style = {"finished": "green", "failed": "bold red"}.get(run.state, "yellow")
        self.line(f"{run.bot} {run.key}: {run.state}; {counts or 'no edits'}", style)
        if run.note:
            self.line(f"  {self.say(run.note)}")

    def status(self, store: Store) -> None:
        """The newest run of each bot, who stopped what, who is at work, what waits."""
        table = Table(box=None, pad_edge=False)
        for column in ("bot", "run", "state", "started (UTC)", "edits", "note"):
            table.add_column(column)
        newest: dict[str, Run] = {}
        for run in store.runs(limit=200):
            newest.setdefault(run.bot, run)
        for run in newest.values():
            counts = ", ".join(f"{number} {name}" for name, number in sorted(run.counts.items()))
            note = self.say(run.note) if run.note else ""
            if run.waits_until:
                note = f"waits for {run.waits_for} until {run.waits_until:%H:%M:%S}"
            started = f"{run.started:%Y-%m-%d %H:%M:%S}"
            table.add_row(*map(Text, (run.bot, run.key, run.state, started, counts, note)))
        self.console.print(table if newest else Text("No bot has run yet."))
        for stop in store.stops():
            if stop.stopped:
                who = plain(stop.user) or "nobody could read the page, which"
                self.line(f"{stop.bot}: {who} stopped it on {plain(str(stop.target))}", "bold red")
        for lease in store.leases():
            self.line(f"{lease.name}: lease held by {lease.holder} until {lease.expires:%H:%M:%S}")
        open_findings = store.findings()
        if open_findings:
            self.line(f"{len(open_findings)} open findings; 'hubbot findings' lists them")

    @contextmanager
    def progress(self) -> Iterator[Tell]:
        """Bars while something long is done on a terminal; nothing elsewhere."""
        if not self.console.is_terminal:
            yield lambda _what, _done, _total: None
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as bars:
            tasks: dict[str, object] = {}

            def tell(what: str, done: int, total: int | None) -> None:
                if what not in tasks:
                    tasks[what] = bars.add_task(what, total=total)
                bars.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]

            yield tell
