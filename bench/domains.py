"""Genes and proteins, ProteinBoxBot's shape of work, by the project's own mappings.

1,000 generated genes of which 400 code a protein, 30 statements each with references, on a wiki
that has none of them, through a proxy that adds 15 ms to a read and 45 ms to a write.
`hubbot run human-genes human-proteins` makes the items and links gene and protein both ways
(`genes_first_writes_per_pair`: the writes beyond one a gene without a protein, a pair). The bare
loop sends the same items and links to an empty wiki and does nothing else. Then a run on the same
files (`genes_noop_requests` of the genes' own run, `pairs_noop_requests` with the proteins'), and
one on a release in which every twentieth gene has another cytogenetic location.

WikibaseIntegrator does the same work for the first 200 genes, with a search before it makes an
item; its `…_seconds_per_gene` stand beside HubBot's in the table.

`genes60k_…`: a release of 60,000 genes that brings nothing new, planned without a wiki, over the
time that Python's `json` and `hashlib` need for each line of the same file; the best of three
each, in turn.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.genes import material
from bench.genes.material import is_coding
from bench.genes.sixty import unchanged
from bench.genes.working import Integrator, Workplace, made_bare
from bench.harness import Table, record
from bench.speed.wiki import served

COUNT, EVERY, FEW = 1_000, 20, 200


def main() -> None:
    numbers, table = working()
    record("domains", numbers | unchanged(), tables=[table])


def working() -> tuple[dict[str, float], Table]:
    """The runs, and the same work done by others."""
    pairs = sum(map(is_coding, range(1, COUNT + 1)))
    with served(material.seed) as wiki, tempfile.TemporaryDirectory() as folder:
        place = Workplace(wiki, Path(folder), COUNT)
        place.begin()
        first = place.work()
        noop = place.work()
        some = place.work(version=1, every=EVERY)
        with served(material.seed) as empty:
            bare = made_bare(wiki, empty)
    with served(material.seed) as wiki:
        other = Integrator(wiki)
        few = [list(material.genes(FEW, *more)) for more in ((), (), (1, EVERY))]
        theirs = [other.work(rows)[0] / FEW for rows in few]
    ours = [each.seconds / COUNT for each in (first, noop, some)]
    work = ("first load", "nothing changed", "5 % changed")
    table = Table(
        "Seconds a gene",
        ["HubBot", "WikibaseIntegrator"],
        {name: [mine, its] for name, mine, its in zip(work, ours, theirs, strict=True)},
    )
    return {
        "genes_first_over_bare_loop": first.seconds / bare,
        "genes_first_writes_per_pair": (first.writes - (COUNT - pairs)) / pairs,
        "genes_noop_requests": noop.genes_requests,
        "pairs_noop_requests": noop.requests,
        "genes_release_writes_per_changed_item": some.writes / (COUNT // EVERY),
        "genes_first_seconds": first.seconds,
        "genes_bare_loop_seconds": bare,
        "genes_noop_seconds": noop.seconds,
        "genes_release_seconds": some.seconds,
    }, table


if __name__ == "__main__":
    main()
