"""The engine without a wiki: a million records that have not changed, and items that are merged."""

from __future__ import annotations

import csv
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.life.operator import data_file, set_up
from bench.speed.hubbot import DATASET, MAPPING
from bench.speed.material import COLUMNS
from bench.speed.merging import merged_per_second
from bots.core.plan import Judged, RecordState, Target
from bots.core.run import seldom_collecting
from bots.datasets.facts import Row
from bots.datasets.mapping import load_dataset
from bots.datasets.matching.judging import MatchRule
from bots.datasets.read import Sources
from bots.datasets.records import Mapper
from bots.datasets.source import Source, open_source
from bots.house import House
from bots.wiki.entities import Latest

MILLION = 1_000_000
_REVISION = 7
_API = "http://127.0.0.1:1/w/api.php"


def alone() -> dict[str, float]:
    """The engine's own figures."""
    with tempfile.TemporaryDirectory() as folder:
        told = a_million(Path(folder))
    return {
        "engine_unchanged_per_second": MILLION / told["seconds"],
        "million_peak_mb": told["peak_mb"],
        "engine_merged_per_second": merged_per_second(),
    }


def a_million(folder: Path) -> dict[str, float]:
    """Seconds and largest memory of a process that finds a million records unchanged."""
    prepare(folder, MILLION)
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def prepare(folder: Path, count: int) -> None:
    """A file of so many records, and a store that knows each as it is."""
    house = set_up(folder, _API, {DATASET: (MAPPING, COLUMNS)})
    with data_file(folder, DATASET).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(count):
            writer.writerow((f"XX-{number:07}", f"+99 {number:07}", 1800 + number % 200))
    know_all(house, DATASET, folder)


def know_all(house: House, name: str, cache: Path) -> None:
    """Let the store know every record of a dataset's source as it is."""
    source, mapper, now = _opened(house, name, cache)
    with house.store() as store:
        judged = (
            Judged(
                target=Target("repo", f"Q{row.number}"),
                record=RecordState(row.key, row.digest + mapper.digest, True, 0),
                revid=_REVISION,
            )
            for row in source.rows()
            if isinstance(row, Row)
        )
        while batch := list(itertools.islice(judged, 10_000)):
            store.judge(name, batch, now)


def find_unchanged(house: House, name: str, cache: Path) -> None:
    """Find all records unchanged; but for the wiki, everything is as in a run."""
    source, mapper, _ = _opened(house, name, cache)
    dataset = load_dataset(house.datasets / f"{name}.yaml", house.config)
    with seldom_collecting(), house.store() as store:
        sources = Sources(
            dataset=dataset,
            source=source,
            mapper=mapper,
            rule=MatchRule(dataset.match.property),
            entities=Unmoved(),  # type: ignore[arg-type]
            index=None,  # type: ignore[arg-type]
            store=store,
            rulings={},
            release=1,
            is_new=False,
        )
        due = sum(1 for _ in sources.cases())
    if due:
        raise SystemExit(f"{due} were not found unchanged")


def _opened(house: House, name: str, cache: Path) -> tuple[Source, Mapper, datetime]:
    dataset = load_dataset(house.datasets / f"{name}.yaml", house.config)
    now = datetime.now(UTC)
    source = open_source(dataset.source, house.datasets, cache, None, now)
    return source, Mapper(dataset, house.config.numbers_of("repo"), now.date()), now


class Unmoved:
    """In place of the wiki: every item is at the revision that was judged."""

    def latest(self, ids: Iterable[str]) -> Iterator[Latest]:
        return (Latest(id=each, revid=_REVISION) for each in ids)


def main(folder: Path) -> None:
    """Find all records unchanged; prints the time that took and the process's largest memory."""
    house = set_up(folder, _API, {DATASET: (MAPPING, COLUMNS)})
    began = time.perf_counter()
    find_unchanged(house, DATASET, folder)
    print(json.dumps({"seconds": time.perf_counter() - began, "peak_mb": peak_mb()}))


def peak_mb() -> float:
    """This process's largest resident memory in MiB.

    From Linux itself: `ru_maxrss` would count what the process had before its exec, which is the
    memory of whoever started it.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    told = next(line for line in lines if line.startswith("VmHWM:"))
    return int(told.split()[1]) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))
