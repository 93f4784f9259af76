"""60,000 genes that have not changed: what planning them costs, beside reading the file at all.

The floor is Python's `json` and `hashlib`: each line read, parsed and digested, nothing else. Both
are timed in turn, and of each the best time counts.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.genes import material
from bench.genes.material import GENES
from bench.genes.working import Workplace
from bench.speed.engine import find_unchanged, know_all, peak_mb
from bench.speed.wiki import Served
from bots.house import open_house

COUNT = 60_000
_TIMES = 3
_NOWHERE = "http://127.0.0.1:1/w/api.php"


def unchanged() -> dict[str, float]:
    """The figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        told = [(_told(folder, "floor"), _told(folder, "plan")) for _ in range(_TIMES)]
    floor = min(each["seconds"] for each, _ in told)
    seconds = min(each["seconds"] for _, each in told)
    return {
        "genes60k_noop_peak_mb": max(each["peak_mb"] for _, each in told),
        "genes60k_noop_over_floor": seconds / floor,
        "genes60k_noop_seconds": seconds,
        "genes60k_floor_seconds": floor,
    }


def prepare(folder: Path) -> None:
    """The release, and a store that knows each gene as it is."""
    Workplace(Served(_NOWHERE, _NOWHERE, None), folder, COUNT).begin()  # type: ignore[arg-type]
    material.write_genes(_file(folder), material.genes(COUNT))
    know_all(open_house(folder / "hub.yaml"), GENES, folder)


def plan(folder: Path) -> Callable[[], None]:
    """Find all genes unchanged."""
    house = open_house(folder / "hub.yaml")
    return lambda: find_unchanged(house, GENES, folder)


def floor(folder: Path) -> Callable[[], None]:
    """Read, parse and digest each line."""

    def read() -> None:
        with _file(folder).open("rb") as file:
            for line in file:
                json.loads(line)
                hashlib.sha256(line).digest()

    return read


_DOES = {"plan": plan, "floor": floor}


def _told(folder: Path, what: str) -> dict[str, float]:
    """Seconds, and largest memory, of a process that does it."""
    command = [sys.executable, "-m", __name__, what, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _file(folder: Path) -> Path:
    return folder / "datasets" / "samples" / GENES / "genes.jsonl"


def main(what: str, folder: Path) -> None:
    work = _DOES[what](folder)
    began = time.perf_counter()
    work()
    print(json.dumps({"seconds": time.perf_counter() - began, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
