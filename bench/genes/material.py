"""Synthetic human genes in the form of MyGene.info's records, and their proteins as UniProt's TSV.

A gene that codes a protein has 30 statements by `config/datasets/human-genes.yaml`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.wikibase.server import Wikibase

ROOT = Path(__file__).resolve().parents[2]
DATASETS = ROOT / "config" / "datasets"
GENES, PROTEINS = "human-genes", "human-proteins"
CODING = 0.4
"""Of the genes, so many code a protein here; of the human ones about a third do."""
STATEMENTS = 30
DATATYPES = {
    **dict.fromkeys(
        ("P351", "P352", "P353", "P354", "P593", "P594", "P637", "P639", "P704", "P705"),
        "external-id",
    ),
    **dict.fromkeys(
        (
            *("P31", "P248", "P459", "P659", "P680", "P681", "P682", "P688", "P702", "P703"),
            *("P1057", "P2548"),
        ),
        "wikibase-item",
    ),
    **dict.fromkeys(("P644", "P645", "P4196"), "string"),
    "P813": "time",
    "P854": "url",
}
_TRANSCRIPTS, _REFSEQ = 9, 6
_LETTERS = "ACDEFGHIJKLMNPQRSTVWXY"

Gene = dict[str, Any]


def is_coding(number: int) -> bool:
    """Whether the gene of that number codes a protein."""
    return number % 10 < 10 * CODING


def gene(number: int, version: int = 0) -> Gene:
    """One gene; in another version than 0 its cytogenetic location is another."""
    place = {
        "ensemblgene": f"ENSG{number:011}",
        "chr": str(number % 22 + 1),
        "start": 10_000 * number,
        "end": 10_000 * number + 4_000,
        "strand": 1 if number % 2 else -1,
    }
    found: Gene = {
        "_id": str(number),
        "entrezgene": str(number),
        "symbol": f"GEN{number}",
        "name": f"generated gene {number}",
        "taxid": 9606,
        "HGNC": str(number + 50_000),
        "map_location": f"{number % 22 + 1}q{number % 30 + 10 + version}",
        "type_of_gene": "protein-coding" if is_coding(number) else "ncRNA",
        "alias": [f"G{number}A", f"G{number}B"],
        "ensembl": {
            "gene": place["ensemblgene"],
            "transcript": [f"ENST{number:07}{each:04}" for each in range(_TRANSCRIPTS)],
        },
        "genomic_pos": place,
        "genomic_pos_hg19": {**place, "start": place["start"] + 7, "end": place["end"] + 7},
        "refseq": {"rna": [f"NM_{number:07}{each}.{each + 1}" for each in range(_REFSEQ)]},
        "homologene": {"id": number + 70_000},
    }
    if is_coding(number):
        found["uniprot"] = {"Swiss-Prot": accession(number)}
    return found


def genes(count: int, version: int = 0, every: int = 1) -> Iterator[Gene]:
    """So many genes; every so-manieth is of the version."""
    return (gene(each, version if each % every == 0 else 0) for each in range(1, count + 1))


def accession(number: int) -> str:
    """A UniProt accession, for each number another."""
    rest, last = divmod(number, 10)
    letters = ""
    for _ in range(3):
        rest, letter = divmod(rest, len(_LETTERS))
        letters += _LETTERS[letter]
    return f"P{rest}{letters}{last}"


def proteins(count: int) -> Iterator[dict[str, str]]:
    """The proteins of so many genes, in UniProt's columns."""
    for number in filter(is_coding, range(1, count + 1)):
        ensembl = f"ENST{number:07}0000; ENSP{number:011}; ENSG{number:011}."
        yield {
            "Entry": accession(number),
            "Protein names": f"Generated protein {number} (GP{number})",
            "Gene Names (primary)": f"GEN{number}",
            "Organism (ID)": "9606",
            "GeneID": f"{number};",
            "Ensembl": f'"{ensembl}";',
            "RefSeq": f"NP_{number:07}.1;",
        }


def write_genes(path: Path, found: Iterable[Gene]) -> None:
    """A release of the genes, JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(each) + "\n" for each in found)


def write_proteins(path: Path, found: Iterable[Mapping[str, str]]) -> None:
    """A release of the proteins, as the sample of them is: its columns, tab separated."""
    sample = DATASETS / "samples" / PROTEINS / "proteins.tsv"
    head = sample.read_text(encoding="utf-8").splitlines()[0]
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{head}\n")
        file.writelines("\t".join(row[name] for name in head.split("\t")) + "\n" for row in found)


def seed(wikibase: Wikibase) -> None:
    """The properties, and the items that the mappings name."""
    for property_id, datatype in DATATYPES.items():
        wikibase.state.seed({"type": "property", "id": property_id, "datatype": datatype})
    named: set[str] = set()
    for name in (GENES, PROTEINS):
        text = (DATASETS / f"{name}.yaml").read_text(encoding="utf-8")
        named.update(re.findall(r"\bQ[1-9]\d*", text))
    for item in sorted(named):
        wikibase.state.seed({"type": "item", "id": item})
