"""What is wrong in the registry's own releases: `python -m bench.replay.faults > faults.csv`.

All organisations as they were last released are planned, on a wiki where each item that one of them
names carries its identifier, and nobody has edited anything. The wiki wants an ISNI, a GRID and a
Crossref Funder id on one item alone, as Wikidata does. What the plan tells is thus the registry's
own: a line a finding with its message, record, name, status and words; on standard error how many
there are of each message.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from random import Random

from bench.life.scene import Clock, Scene
from bench.replay.registry import (
    FUNDER,
    GRID,
    IDENTIFIER,
    ISNI,
    ORGANISATIONS,
    Record,
    item_named,
    name_of,
    releases,
    seed_known,
)
from bench.replay.replaying import employed
from sandbox.domains import carrying
from sandbox.wikibase import people
from sandbox.wikibase.server import Wikibase, running_wikibase


def main() -> None:
    newest: dict[str, Record] = {}
    for release in releases():
        newest |= release.records
    with running_wikibase() as wikibase:
        people.add_people(wikibase.accounts)
        wikibase.settings.cirrus_search = True
        _seed(wikibase, newest)
        scene = Scene(wikibase, Clock(), Random(0), subject=ORGANISATIONS)
        with employed(scene, wikibase.api) as registrar:
            told = registrar.foresee(newest.values())
    lines = csv.writer(sys.stdout)
    lines.writerow(("message", "record", "name", "status", "words"))
    for finding, words in told:
        key = finding.where.partition(",")[0].rpartition("/")[2]
        record = newest.get(key)
        about = (name_of(record), record["status"]) if record else ("", "")
        lines.writerow((finding.message.key, key, *about, words))
    for message, number in sorted(Counter(each.message.key for each, _ in told).items()):
        print(f"{message}: {number}", file=sys.stderr)


def _seed(wikibase: Wikibase, newest: dict[str, Record]) -> None:
    """Each item carries the identifier of the first record that names it."""
    with wikibase.state.transaction():
        taken = seed_known(wikibase, distinct=(ISNI, GRID, FUNDER))
        for key, record in newest.items():
            item = item_named(record)
            if item and item not in taken:
                wikibase.state.seed(carrying(item, IDENTIFIER, key))
                taken.add(item)


if __name__ == "__main__":
    main()
