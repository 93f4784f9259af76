"""Datasets: how fast and how cheaply 1,000 items are kept in step, and that people win.

1,000 items with two statements and a reference each, through a proxy that adds 15 ms to a read and
45 ms to a write, as measured on a real Wikibase; the server counts the requests. HubBot's runs are
timed from when it is logged in: source, store, stop pages, wiki, report (but for the two pages
that show people mapping and task, `public_pages`). WikibaseIntegrator's loop
(`item.get`, `claims.add(REPLACE_ALL)`, `write`) goes over all 1,000 items each time, since it can't
tell what changed (`…_speedup` is its time over HubBot's). The bare loop sends one patch an item,
made beforehand, and nothing else. Stand-in and proxy are a process of their own.

The engine alone has no wiki. `engine_unchanged_per_second`: records of a CSV file of a million that
are read, told by their key and digest and looked up in the store, on SQLite, where nothing has
changed; `million_peak_mb` is that process's largest memory. `engine_merged_per_second`: items with
ten statements, one of them changed at the source, from the row's values to the patch.

The promise: twenty months of a dataset's life on the stand-in, a release a month and a run a week,
while people edit, revert, merge and delete, also between HubBot's look and its edit
(`bench/life/acts.py`). The wiki's histories are judged by `bench/life/judge.py`, which shares no
code with HubBot. `life_slots_behind`: slots without any people's hand in which the wiki does not
say at the end what the source says, of `life_slots`: a bot that does nothing loses nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.harness import Table, record
from bench.life import operator
from bench.life.integrator import MODES, Integrator
from bench.life.months import Course, Employ, Keeper, Life, live
from bench.life.scene import Scene
from bench.speed import engine, material
from bench.speed.hubbot import Workplace
from bench.speed.others import integrate, integrator, patch_bare
from bench.speed.wiki import served

COURSE = Course()


def main() -> None:
    numbers = speed() | engine.alone()
    numbers_of_life, table = promise()
    record("datasets", numbers | numbers_of_life, tables=(table,))


def speed() -> dict[str, float]:
    """HubBot's runs, and the same work done by others."""
    unchanged, tenth, everything = material.rows(), material.rows(1, 10), material.rows(2)
    with served(material.SEEDED) as wiki, tempfile.TemporaryDirectory() as folder:
        place = Workplace(wiki, Path(folder))
        place.begin()
        noop = place.timed(unchanged, 0)
        some = place.timed(tenth, material.ITEMS // 10)
        each = place.timed(everything, material.ITEMS)
    with served(material.STATED) as wiki:
        bare = patch_bare(wiki, everything)
    with served(material.STATED) as wiki:
        wbi = integrator(wiki)
        slow = [integrate(wbi, wiki, rows) for rows in (unchanged, tenth, everything)]
    changed = material.ITEMS // 10
    return {
        "noop_requests": noop.requests.all,
        "noop_speedup": slow[0][0] / noop.seconds,
        "tenth_writes_per_changed_item": some.requests.writes / changed,
        "tenth_reads_per_changed_item": some.requests.reads / changed,
        "tenth_speedup": slow[1][0] / some.seconds,
        "all_over_bare_loop": each.seconds / bare,
        "all_speedup": slow[2][0] / each.seconds,
        "noop_seconds": noop.seconds,
        "tenth_seconds": some.seconds,
        "all_seconds": each.seconds,
        "bare_loop_seconds": bare,
        "integrator_noop_seconds": slow[0][0],
        "integrator_noop_requests": slow[0][1].all,
        "integrator_all_seconds": slow[2][0],
    }


def promise() -> tuple[dict[str, float], Table]:
    """HubBot's life, and those of WikibaseIntegrator's modes."""
    hubbot = live(COURSE, operator.employed)
    rows = {"HubBot": _row(hubbot)}
    for mode in MODES:
        rows[f"WikibaseIntegrator, {mode}"] = _row(live(COURSE, integrated(mode)))
    verdict = hubbot.verdict
    numbers = {
        "people_edits_lost": len(verdict.edits_lost),
        "double_statements": len(verdict.double_statements),
        "double_items": len(verdict.double_items),
        "false_conflicts": len(verdict.false_conflicts),
        "life_months": COURSE.months,
        "life_hubbot_edits": verdict.edits,
        "life_people_edits": verdict.peoples,
        "life_differences_told": hubbot.told,
        "life_decisions": hubbot.decisions,
        "life_slots": hubbot.slots,
        "life_slots_behind": len(hubbot.behind),
    }
    columns = ("people's edits lost", "double statements", "double items", "slots behind", "edits")
    return numbers, Table("The same life", columns, rows)


def integrated(mode: str) -> Employ:
    """WikibaseIntegrator as the keeper."""

    @contextmanager
    def employ(scene: Scene, api: str) -> Iterator[Keeper]:
        yield Integrator(scene, api, mode)

    return employ


def _row(life: Life) -> tuple[int, ...]:
    found = life.verdict
    counts = (found.edits_lost, found.double_statements, found.double_items, life.behind)
    return (*map(len, counts), found.edits)


if __name__ == "__main__":
    main()
