"""What a gene's and a protein's record say, statement by statement; and records of odd shapes."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bots.core.wikibase.action_json import parse_entity
from bots.core.wikibase.change import EntityPatch, applied
from bots.core.wikibase.exact import loads
from bots.core.wikibase.model import Item
from bots.datasets.engine.changes import About
from bots.datasets.engine.reconcile import Engine, OnWiki
from bots.datasets.facts import Record
from tests.domains.genes import (
    GENES,
    PROTEINS,
    SHARED,
    mapping,
    record_of,
    said,
    sample,
    values,
    words,
)

CDK2 = SHARED / "mygene" / "1017-CDK2.json"
needs_cdk2 = pytest.mark.skipif(not CDK2.exists(), reason="the record is not here")

NCBI = {"P248": "Q20641742", "P351": "1017", "P813": "+2026-11-21T00:00:00Z"}
ENSEMBL = {"P248": "Q83867711", "P594": "ENSG00000123374"}
UNIPROT = {"P248": "Q905695", "P352": "P24941", "P813": "+2026-11-21T00:00:00Z"}
HG38, HG19, CHR_12 = "Q20966585", "Q21067546", "Q847102"


def items(dataset: str, key: str) -> str | None:
    """The items that other records have."""
    return {"human-proteins P24941": "Q900", "human-genes 1017": "Q901"}.get(f"{dataset} {key}")


@pytest.fixture(scope="module")
def cdk2() -> Record:
    """What the gene CDK2's record at mygene.info says."""
    return record_of(GENES, json.loads(CDK2.read_text(encoding="utf-8")), items)


# CDK2, by the table of what ProteinBoxBot left


@needs_cdk2
@pytest.mark.parametrize(
    ("name", "property_id", "expected", "reference"),
    [
        ("instance of", "P31", ["Q7187", "Q20747295"], NCBI),
        ("found in taxon", "P703", ["Q15978631"], NCBI),
        ("Entrez Gene ID", "P351", ["1017"], NCBI),
        ("RefSeq RNA ID", "P639", ["NM_001290230", "NM_001798", "NM_052827", "XM_011537732"], NCBI),
        ("Ensembl gene ID", "P594", ["ENSG00000123374"], ENSEMBL),
        ("HGNC gene symbol", "P353", ["CDK2"], NCBI),
        ("HGNC ID", "P354", ["1771"], NCBI),
        ("HomoloGene ID", "P593", ["74409"], NCBI),
        ("cytogenetic location", "P4196", ["12q13.2"], NCBI),
        ("chromosome", "P1057", [CHR_12], ENSEMBL),
        ("strand", "P2548", ["Q22809680"], ENSEMBL),
        ("genomic start", "P644", ["55966781", "56360553"], ENSEMBL),
        ("genomic end", "P645", ["55972789", "56366568"], ENSEMBL),
        ("encodes", "P688", ["Q900"], UNIPROT),
    ],
    ids=lambda each: each if isinstance(each, str) and each[:1].isalpha() else "",
)
def test_cdk2_says(
    cdk2: Record, name: str, property_id: str, expected: list[str], reference: dict[str, str]
) -> None:
    assert values(cdk2, property_id) == expected, name
    for each in said(cdk2, property_id):
        assert [words(block.snaks) for block in each.references] == [reference], name


@needs_cdk2
def test_cdk2_says_its_twelve_transcripts(cdk2: Record) -> None:
    told = values(cdk2, "P704")
    assert (len(told), told[0], told[-1]) == (12, "ENST00000266970", "ENST00000556656")
    assert {each.references for each in said(cdk2, "P704")} == {said(cdk2, "P594")[0].references}


@needs_cdk2
def test_cdk2_says_where_it_lies_in_each_assembly(cdk2: Record) -> None:
    for property_id in ("P644", "P645"):
        assert [words(each.qualifiers) for each in said(cdk2, property_id)] == [
            {"P659": HG38, "P1057": CHR_12},
            {"P659": HG19, "P1057": CHR_12},
        ]
    for property_id in ("P1057", "P2548"):
        assert [words(each.qualifiers) for each in said(cdk2, property_id)] == [{"P659": HG38}]


@needs_cdk2
def test_cdk2_says_nothing_else_and_nothing_is_wrong_with_it(cdk2: Record) -> None:
    assert len({each.rule.property for each in cdk2.statements}) == 15
    assert cdk2.faults == ()
    assert cdk2.links == (("human-proteins", "P24941", "Q900"),)
    assert cdk2.may_create
    assert {(t.rule.kind, t.language): t.texts for t in (*cdk2.terms, *cdk2.new_terms)} == {
        ("label", "en"): ("CDK2",),
        ("alias", "en"): (
            "cyclin dependent kinase 2",
            "CDKN2",
            "p33(CDK2)",
            "cdc2-related protein kinase",
            "cell division protein kinase 2",
            "cyclin-dependent kinase 2",
            "p33 protein kinase",
        ),
        ("description", "en"): ("protein-coding gene in the species Homo sapiens",),
    }


PROTEIN: dict[str, Any] = {
    "Entry": "P24941",
    "Protein names": "Cyclin-dependent kinase 2 (EC 2.7.11.22) (p33 protein kinase)",
    "Organism (ID)": "9606",
    "GeneID": ["1017", ""],
    "Ensembl": [
        '"ENST00000266970', " ENSP00000266970.4", ' ENSG00000123374.11. [P24941-1]"',
        '"ENST00000354056', " ENSP00000243067.4", ' ENSG00000123374.11. [P24941-2]"', "",
    ],
    "RefSeq": ["NP_001789.2 [P24941-1]", "NP_439892.2 [P24941-2]", "XP_011536034.1", ""],
}  # fmt: skip
"""The protein as UniProt's TSV has it, once the Table Schema has split its lists."""


@pytest.mark.parametrize(
    ("name", "property_id", "expected"),
    [
        ("UniProt protein ID", "P352", ["P24941"]),
        ("Ensembl protein ID", "P705", ["ENSP00000266970", "ENSP00000243067"]),
        ("RefSeq protein ID", "P637", ["NP_001789", "NP_439892", "XP_011536034"]),
        ("instance of", "P31", ["Q8054"]),
        ("found in taxon", "P703", ["Q15978631"]),
        ("encoded by", "P702", ["Q901"]),
    ],
)
def test_the_protein_of_cdk2_says(name: str, property_id: str, expected: list[str]) -> None:
    of = record_of(PROTEINS, PROTEIN, items)
    assert values(of, property_id) == expected, name
    assert of.faults == ()
    for each in said(of, property_id):
        block = words(each.references[0].snaks)
        if property_id == "P705":
            assert block == {"P248": "Q83867711", "P705": words([each.mainsnak])["P705"]}
        else:
            assert block == (NCBI if property_id == "P637" else UNIPROT)


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("Insulin [Cleaved into: Insulin B chain; Insulin A chain]", "Insulin"),
        ("Superoxide dismutase [Cu-Zn] (EC 1.15.1.1)", "Superoxide dismutase [Cu-Zn]"),
        ("NAD(+) hydrolase SARM1 (EC 3.2.2.-)", "NAD(+) hydrolase SARM1"),
        ("Titin", "Titin"),
    ],
)
def test_a_protein_is_called_by_its_first_name(given: str, label: str) -> None:
    of = record_of(PROTEINS, {**PROTEIN, "Protein names": given}, items)
    assert [each.texts for each in of.terms] == [(label,)]


def test_a_protein_of_two_genes_is_encoded_by_both_and_ncbi_is_not_cited_for_it() -> None:
    def both(_dataset: str, key: str) -> str | None:
        return {"3039": "Q1", "3040": "Q2"}[key]

    of = record_of(PROTEINS, {**PROTEIN, "GeneID": ["3039", "3040", ""]}, both)
    assert values(of, "P702") == ["Q1", "Q2"]
    assert (values(of, "P637"), of.faults) == ([], ())


def test_a_protein_of_another_species_makes_no_item() -> None:
    of = record_of(PROTEINS, {**PROTEIN, "Organism (ID)": "10090"}, items)
    assert not of.may_create
    assert [each.message.key for each in of.faults] == ["mapping-not-in-table"]


# odd input


def gene(**changes: Any) -> Record:
    """HBB's record in the sample, changed."""
    hbb = next(each for each in sample() if each["symbol"] == "HBB")
    return record_of(GENES, {**copy.deepcopy(hbb), **changes}, lambda _dataset, _key: "Q900")


def faults(of: Record) -> list[str]:
    return [each.message.key for each in of.faults]


PLACES = ("P1057", "P2548", "P644", "P645")
SCAFFOLD = {
    "ensemblgene": "ENSG00000244734",
    "chr": "KI270734.1",
    "start": 1,
    "end": 2,
    "strand": 1,
}
PLACED = {"ensemblgene": "ENSG00000244734", "chr": "11", "start": 5, "end": 9, "strand": -1}


def placed(of: Record) -> list[list[str]]:
    assert of.faults == ()
    return [values(of, each) for each in PLACES]


def test_a_gene_is_placed_by_one_object_or_by_a_list_of_one() -> None:
    expected = [["Q847096"], ["Q22809711"], ["5"], ["9"]]
    assert placed(gene(genomic_pos=PLACED, genomic_pos_hg19=None)) == expected
    assert placed(gene(genomic_pos=[PLACED], genomic_pos_hg19=[])) == expected


def test_a_gene_on_a_scaffold_alone_has_no_position() -> None:
    assert placed(gene(genomic_pos=SCAFFOLD, genomic_pos_hg19=SCAFFOLD)) == [[], [], [], []]


def test_a_gene_on_a_chromosome_and_on_scaffolds_is_where_the_chromosome_says() -> None:
    of = gene(genomic_pos=[SCAFFOLD, PLACED, SCAFFOLD], genomic_pos_hg19=None)
    assert placed(of) == [["Q847096"], ["Q22809711"], ["5"], ["9"]]


@pytest.mark.parametrize(
    "second", [{**PLACED, "start": 6}, {**PLACED, "chr": "X"}, {**PLACED, "chr": "Y", "strand": 1}]
)
def test_a_gene_with_two_positions_has_none_nor_half_of_one(second: dict[str, Any]) -> None:
    assert placed(gene(genomic_pos=[PLACED, second], genomic_pos_hg19=None)) == [[], [], [], []]


def test_two_positions_in_one_assembly_do_not_take_the_other_assembly_s() -> None:
    of = gene(genomic_pos=[PLACED, {**PLACED, "start": 6}], genomic_pos_hg19=PLACED)
    assert [words(each.qualifiers) for each in said(of, "P644")] == [
        {"P659": HG19, "P1057": "Q847096"}
    ]


def test_a_position_of_no_known_ensembl_gene_is_not_said() -> None:
    nobody = {name: value for name, value in PLACED.items() if name != "ensemblgene"}
    two = [{"gene": "ENSG00000244734"}, {"gene": "ENSG00000000001"}]
    assert placed(gene(genomic_pos=nobody, ensembl=two, genomic_pos_hg19=None)) == [[], [], [], []]
    one = {"gene": "ENSG00000244734"}
    assert placed(gene(genomic_pos=nobody, ensembl=one, genomic_pos_hg19=None))[2] == ["5"]


def test_a_chromosome_that_is_unknown_is_told_and_the_rest_is_said() -> None:
    of = gene(genomic_pos={**PLACED, "chr": "23"}, genomic_pos_hg19=None)
    assert values(of, "P2548") == ["Q22809711"]
    assert [values(of, each) for each in ("P1057", "P644", "P645")] == [[], [], []]
    assert set(faults(of)) == {"mapping-not-in-table"}


def test_several_genes_of_ensembl_s_each_have_their_transcripts_and_reference() -> None:
    of = gene(
        ensembl=[
            {"gene": "ENSG00000244734", "transcript": ["ENST00000000001", "ENST00000000002"]},
            {"gene": "ENSG00000000009", "transcript": "ENST00000000003"},
            {"type_of_gene": "protein_coding"},
        ]
    )
    assert values(of, "P594") == ["ENSG00000244734", "ENSG00000000009"]
    assert [words(each.references[0].snaks)["P594"] for each in said(of, "P704")] == [
        "ENSG00000244734", "ENSG00000244734", "ENSG00000000009",
    ]  # fmt: skip
    assert of.faults == ()


@pytest.mark.parametrize(
    ("uniprot", "named"),
    [
        ({"Swiss-Prot": "P1", "TrEMBL": ["A1", "A2"]}, ["P1"]),
        ({"Swiss-Prot": ["P1", "P2"]}, ["P1", "P2"]),
        ({"TrEMBL": "A1"}, ["A1"]),
        ({"TrEMBL": ["A1"]}, ["A1"]),
        ({"TrEMBL": ["A1", "A2"]}, []),
        ({"Swiss-Prot": [], "TrEMBL": "A1"}, ["A1"]),
        ({}, []),
        (None, []),
    ],
)
def test_a_gene_encodes_the_reviewed_proteins_else_the_only_one(
    uniprot: Any, named: list[str]
) -> None:
    of = gene(uniprot=uniprot)
    assert [key for _, key, _ in of.links or ()] == named
    assert [words(e.references[0].snaks)["P352"] for e in said(of, "P688")] == named[:1]
    assert of.faults == ()


def test_a_symbol_that_is_not_hgnc_s_is_no_hgnc_symbol() -> None:
    of = gene(symbol="LOC3043", HGNC=None)
    assert (values(of, "P353"), values(of, "P354"), of.faults) == ([], [], ())
    assert [t.texts for t in of.terms if t.rule.kind == "label"] == [("LOC3043",)]


def test_a_gene_without_a_symbol_makes_no_item() -> None:
    of = gene(symbol=None)
    assert not of.may_create
    assert values(of, "P353") == []
    assert values(of, "P351") == ["3043"], "one that is there is kept in step"


def test_a_gene_of_another_species_makes_no_item() -> None:
    of = gene(taxid=10090)
    assert (of.may_create, faults(of)) == (False, ["mapping-not-in-table"])


def test_a_kind_of_gene_that_is_new_is_told_and_one_that_is_none_is_not() -> None:
    assert faults(gene(type_of_gene="shRNA")) == ["mapping-not-in-table"] * 2
    assert faults(gene(type_of_gene="biological-region")) == []
    assert values(gene(type_of_gene="pseudo"), "P31") == ["Q277338"]


@pytest.mark.parametrize(
    "odd",
    [
        {"ensembl": "text"}, {"ensembl": [[]]}, {"ensembl": {"gene": {"x": 1}}}, {"ensembl": 5},
        {"genomic_pos": "11"}, {"genomic_pos": [None, 1]}, {"genomic_pos": {"chr": 11}},
        {"genomic_pos": {"chr": {"a": 1}, "ensemblgene": 1}}, {"genomic_pos_hg19": [[PLACED]]},
        {"refseq": []}, {"refseq": {"rna": {"a": 1}}}, {"homologene": {"id": [1, 2]}},
        {"uniprot": "P1"}, {"uniprot": ["P1"]}, {"HGNC": ["1", "2"]}, {"HGNC": "HGNC:4827"},
        {"map_location": ["11p15.4", "11p15.5"]}, {"alias": {"a": 1}}, {"taxid": "9606"},
    ],
)  # fmt: skip
def test_a_record_of_another_shape_is_judged_as_far_as_it_goes(odd: dict[str, Any]) -> None:
    of = gene(**odd)
    assert values(of, "P351") == ["3043"]
    known = {each.rule.property for each in of.statements if isinstance(each.values, tuple)}
    assert len(known) >= 10


# real items


def real_items() -> list[Path]:
    names = ("Q29710594", "Q29727485", "Q20749907")
    return [
        path for name in names if (path := SHARED / "wikidata-entities" / f"{name}.json").exists()
    ]


@pytest.mark.skipif(not real_items(), reason="the items are not here")
@pytest.mark.parametrize("path", real_items(), ids=lambda path: str(path.stem))
def test_a_real_gene_merges_with_a_matching_record_without_a_single_removal(path: Path) -> None:
    item = parse_entity(loads(path.read_text(encoding="utf-8")))
    assert isinstance(item, Item)
    flies = mapping(GENES).model_copy(
        update={
            "lookups": {
                **mapping(GENES).lookups,
                "taxa": {"9606": ("Q15978631",), "7227": ("Q130888",)},
                "chromosomes": {"2R": ("Q29566139",)},
            }
        }
    )
    record = record_of(GENES, _matching(item), lambda _dataset, _key: "Q29817644", flies)
    assert record.faults == ()
    engine, about = _engine(record), About(record.key, item.id, "wikidata", "")
    found = engine.reconcile(record, OnWiki(item=item, bases={}), about, date(2026, 11, 21))
    assert found.differences == (), "what the record says stands there"
    patch = found.change.patch if found.change else EntityPatch(base_revid=item.revision)
    assert (patch.remove, patch.terms, patch.aliases) == ((), (), ())
    after = applied(item, patch)
    for each in item.all_statements():
        (kept,) = [other for other in after.all_statements() if other.id == each.id]
        assert replace(kept, references=()) == replace(each, references=())
        assert kept.references[: len(each.references)] == each.references
    # Ensembl's are positions in an assembly, which the item does not name.
    assert {each.mainsnak.property for each in patch.add} <= {"P644", "P645"}


def _engine(record: Record) -> Engine:
    rules = {each.rule.property: each.rule for each in record.statements}
    return Engine(rules.values(), [each.rule for each in record.terms])


def _matching(item: Item) -> dict[str, Any]:
    """A record in mygene.info's form that says what the item says."""
    told = {
        name: [words([each.mainsnak])[name] for each in group]
        for name, group in item.statements.items()
    }
    one = {name: values[0] for name, values in told.items()}
    place = {
        "chr": "2R",
        "start": one.get("P644"),
        "end": one.get("P645"),
        "strand": {"Q22809711": -1, "Q22809680": 1}.get(one.get("P2548", "")),
        "ensemblgene": one.get("P594"),
    }
    return {
        "entrezgene": one["P351"],
        "symbol": item.labels.get("en"),
        "taxid": {"Q130888": 7227, "Q15978631": 9606}[one["P703"]],
        "map_location": one.get("P4196"),
        "type_of_gene": "other",
        "alias": list(item.aliases.get("en", ())),
        "ensembl": {"gene": one.get("P594"), "transcript": told.get("P704")},
        "genomic_pos": place if "P644" in one else None,
        "refseq": {"rna": [f"{each}.3" for each in told.get("P639", ())]},
        "homologene": {"id": one.get("P593")},
        "uniprot": {"Swiss-Prot": "Q9W1X8"} if "P688" in one else {},
    }
