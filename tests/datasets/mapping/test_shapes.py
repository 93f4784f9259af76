"""JSON as registries give it: an organisation with its relations, a gene with its positions."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from bots.core.merge.facts import UNKNOWN
from bots.core.wikibase.make import date
from bots.core.wikibase.model import EntityId, Snak, Text
from bots.datasets.facts import Record
from tests.datasets.mapping.scene import is_unknown, mapper, record, said, wrong

SHARED = Path(__file__).resolve().parents[4] / "shared"

ORGANISATIONS = """\
title: Registry of organisations
partner: The registry
site: wikidata
source: {package: p.json, kind: delta, key: id}
withdrawn: "status == 'withdrawn'"
match:
  property: P6782
  field: id
  transform: [{regex-replace: {pattern: "^https://ror.org/"}}]
  item: {path: "external_ids[?type=='wikidata'].[preferred || all[0]][]", transform: [wikidata-id]}
record_url: "{id}"
reference:
  - {property: P248, item: Q54856362}
  - {property: P854, record_url: true}
  - {property: P813, retrieved: true}
statements:
  - property: P6782
    field: id
    datatype: external-id
    transform: [{regex-replace: {pattern: "^https://ror.org/"}}]
    withdrawal: deprecate
  - {property: P31, field: types, table: types, many: true}
  - {property: P571, field: established, datatype: time, transform: [year]}
  - {property: P576, somevalue: true, datatype: time, when: "status == 'inactive'"}
  - property: P213
    path: "external_ids[?type=='isni'].all[]"
    datatype: external-id
    transform: [isni]
    many: true
    equivalence: [no-spaces]
  - property: P17
    path: "locations[].geonames_details.country_code"
    transform: [country-code, only]
    table: countries
  - property: P625
    path: "locations[].geonames_details.{lat: lat, lng: lng}"
    datatype: globe-coordinate
    transform: [only, latlon]
  - {property: P856, path: "links[?type=='website'].value", datatype: url, transform: [first, url]}
  - property: P355
    path: "relationships[?type=='child'].id"
    record_of: organisations
    many: true
terms:
  - term: label
    each: "names[?contains(types, 'label')]"
    field: value
    language: {field: lang, transform: [language-tag], otherwise: mul}
  - term: alias
    each: "names[?!contains(types, 'label')]"
    field: value
    language: {field: lang, transform: [language-tag], otherwise: mul}
tables:
  types: {education: Q3918, funder: null, nonprofit: Q163740}
  countries: {"NO": Q20, SE: Q34}
"""

ORGANISATION: dict[str, Any] = {
    "id": "https://ror.org/012abc345",
    "status": "active",
    "established": 1811,
    "types": ["education", "funder"],
    "names": [
        {"value": "Examplestad University", "lang": "en", "types": ["ror_display", "label"]},
        {"value": "Universitetet i Examplestad", "lang": "no", "types": ["label"]},
        {"value": "UiE", "lang": None, "types": ["acronym"]},
        {"value": "Royal Examplestad University", "lang": "en", "types": ["alias"]},
    ],
    "links": [{"type": "website", "value": "https://www.uie.example"}],
    "external_ids": [
        {"type": "isni", "all": ["0000 0001 2281 955X", "000000012281955X"], "preferred": None},
        {"type": "wikidata", "all": ["Q42", "Q43"], "preferred": "Q43"},
    ],
    "locations": [
        {"geonames_details": {"country_code": "NO", "lat": 59.9127, "lng": 10.7461}},
    ],
    "relationships": [
        {"type": "child", "id": "https://ror.org/0child001", "label": "A child"},
        {"type": "parent", "id": "https://ror.org/0parent01", "label": "A parent"},
    ],
}


def organisation(tmp_path: Path, item: str | None = "Q77", **changes: Any) -> Record:
    """What a record says whose child is `item`."""
    asked: list[tuple[str, str]] = []

    def item_of(dataset: str, key: str) -> str | None:
        asked.append((dataset, key))
        return item

    made = mapper(tmp_path, ORGANISATIONS, item_of=item_of)
    of = record(made, {**copy.deepcopy(ORGANISATION), **changes}, key="https://ror.org/012abc345")
    assert set(asked) <= {("organisations", "https://ror.org/0child001")}
    return of


def values(of: Record, property_id: str) -> list[Any]:
    return [statement.mainsnak.value for statement in said(of, property_id)]


def terms(of: Record) -> dict[str, Any]:
    return {f"{each.rule.kind}/{each.language}": each.texts for each in of.terms}


def test_an_organisation_is_mapped_whole(tmp_path: Path) -> None:
    of = organisation(tmp_path)
    assert of.faults == ()
    assert of.item == "Q43", "what the source prefers, as a hint"
    assert of.identifiers == (("P6782", "012abc345"), ("P213", "000000012281955X"))
    assert values(of, "P31") == [EntityId("Q3918")]
    assert values(of, "P571") == [date(1811)]
    assert values(of, "P17") == [EntityId("Q20")]
    assert str(values(of, "P625")[0].precision) == "0.0001"
    assert values(of, "P856") == [Text("https://www.uie.example")]
    assert values(of, "P355") == [EntityId("Q77")]
    assert said(of, "P576") == []
    assert said(of, "P31")[0].references[0].snaks[1] == Snak(
        "P854", Text("https://ror.org/012abc345")
    )
    assert terms(of) == {
        "label/en": ("Examplestad University",),
        "label/nb": ("Universitetet i Examplestad",),
        "alias/mul": ("UiE",),
        "alias/en": ("Royal Examplestad University",),
    }


def test_a_withdrawn_record_says_nothing_and_an_inactive_one_that_it_ended(tmp_path: Path) -> None:
    of = organisation(tmp_path, status="withdrawn")
    assert (of.statements, of.terms, of.may_create) == ((), (), False)
    assert of.identifiers == (("P6782", "012abc345"),)
    of = organisation(tmp_path, status="inactive")
    assert [s.mainsnak for s in said(of, "P576")] == [Snak.somevalue("P576")]


def test_a_record_whose_relative_has_no_item_yet_says_nothing_sure_of_the_relation(
    tmp_path: Path,
) -> None:
    of = organisation(tmp_path, item=None)
    assert is_unknown(of, "P355")
    assert wrong(of) == [("mapping-no-record", "relationships[?type=='child'].id")]


def test_two_places_are_no_place_and_no_place_is_none(tmp_path: Path) -> None:
    other = {"geonames_details": {"country_code": "SE", "lat": 59.3, "lng": 18.1}}
    of = organisation(tmp_path, locations=[*ORGANISATION["locations"], other])
    assert said(of, "P625") == said(of, "P17") == []
    of = organisation(tmp_path, locations=[])
    assert said(of, "P625") == []
    null = {"geonames_details": {"country_code": "SE", "lat": 0, "lng": 0}}
    of = organisation(tmp_path, locations=[null])
    assert is_unknown(of, "P625")
    assert values(of, "P17") == [EntityId("Q34")]


@pytest.mark.parametrize(
    "change",
    [
        {"names": None, "types": None, "links": None, "relationships": None, "locations": None},
        {"names": [], "types": [], "links": [], "relationships": [], "locations": []},
        {"established": None, "external_ids": None, "links": [{}], "names": [{"value": ""}]},
    ],
)
def test_what_a_record_leaves_out_is_no_fault_of_it(tmp_path: Path, change: dict[str, Any]) -> None:
    if change["names"] == [{"value": ""}]:
        of = organisation(tmp_path, **change)
        assert {key for key, _ in wrong(of)} == {"mapping-path"}, "names without types"
        assert {each.texts for each in of.terms} == {UNKNOWN}
        return
    of = organisation(tmp_path, **change)
    assert of.faults == () or {key for key, _ in wrong(of)} == {"mapping-path"}


@pytest.mark.parametrize(
    "odd",
    [
        {"names": "text"}, {"names": [1, [2]]}, {"types": [{"a": 1}]}, {"locations": {"lat": 1}},
        {"relationships": [{"type": "child", "id": {"x": 1}}]}, {"established": [1811, 1812]},
        {"established": {"year": 1811}}, {"links": [[]]}, {"external_ids": {"isni": "x"}},
        {"status": ["withdrawn"]}, {"id": ["https://ror.org/1", "https://ror.org/2"]},
    ],
)  # fmt: skip
def test_a_record_of_another_shape_never_stops_the_run(tmp_path: Path, odd: Any) -> None:
    of = organisation(tmp_path, **odd)
    known = [each for each in of.statements if each.values is not UNKNOWN]
    assert len(known) >= 6 or "id" in odd


GENES = """\
title: Human genes
partner: A gene service
site: wikidata
source: {package: p.json, kind: full, key: entrezgene}
match: {property: P351, field: entrezgene}
reference:
  - {property: P248, item: Q20641742}
  - {property: P351, field: entrezgene}
  - {property: P813, retrieved: true}
statements:
  - {property: P351, field: entrezgene, datatype: external-id}
  - {property: P703, item: Q15978631}
  - {property: P31, field: type_of_gene, table: types, many: true}
  - {property: P353, path: "HGNC && symbol", datatype: external-id}
  - property: P639
    path: refseq.rna
    datatype: external-id
    transform: [{regex-replace: {pattern: '\\.[0-9]+$'}}]
    many: true
  - property: P704
    path: "[ensembl][].transcript"
    datatype: external-id
    many: true
    reference: &ensembl
      - {property: P248, item: Q1}
      - {property: P594, path: "[ensembl][].gene"}
  - property: P2548
    path: "[genomic_pos][].strand"
    transform: [only]
    table: strands
    reference: *ensembl
  - property: P644
    path: "[genomic_pos][] | [?length(chr) < `3`].start"
    datatype: string
    transform: [only]
    qualifiers: [{property: P659, item: Q20966585, key: true}, {property: P1057, path:
      "[genomic_pos][].chr", transform: [only], table: chromosomes}]
    reference: *ensembl
  - property: P644
    path: "[genomic_pos_hg19][] | [?length(chr) < `3`].start"
    datatype: string
    transform: [only]
    qualifiers: [{property: P659, item: Q21067546, key: true}, {property: P1057, path:
      "[genomic_pos_hg19][].chr", transform: [only], table: chromosomes}]
    reference: *ensembl
  - property: P682
    each: "go.BP"
    field: id
    table: terms
    many: true
    qualifiers: [{property: P459, field: evidence, table: evidence, many: true}]
    reference:
      - {property: P248, item: Q28018111}
      - {property: P352, path: 'uniprot."Swiss-Prot"', of: record}
      - {property: P698, path: "[pubmed][] | [0]", optional: true}
tables:
  types: {protein-coding: [Q7187, Q20747295]}
  strands: {1: Q22809680, -1: Q22809711}
  chromosomes: {"12": Q847102}
  terms: {"GO:0000082": Q14863331, "GO:0051301": Q188909}
  evidence: {IBA: Q26709563, IDA: Q23190826}
"""

GENE: dict[str, Any] = {
    "entrezgene": "1017",
    "HGNC": "1771",
    "symbol": "CDK2",
    "type_of_gene": "protein-coding",
    "refseq": {"rna": ["NM_001290230.2", "NM_001798.5"]},
    "ensembl": {"gene": "ENSG00000123374", "transcript": ["ENST00000266970", "ENST00000354056"]},
    "genomic_pos": {"chr": "12", "start": 55966781, "end": 55972789, "strand": 1},
    "genomic_pos_hg19": {"chr": "12", "start": 56360553, "end": 56366568, "strand": 1},
    "uniprot": {"Swiss-Prot": "P24941"},
    "go": {
        "BP": [
            {"id": "GO:0000082", "evidence": "IBA", "pubmed": 21873635},
            {"id": "GO:0000082", "evidence": "IDA", "pubmed": [1, 2]},
            {"id": "GO:0051301", "evidence": "IDA"},
        ]
    },
}


def gene(tmp_path: Path, **changes: Any) -> Record:
    return record(mapper(tmp_path, GENES), {**copy.deepcopy(GENE), **changes}, key="1017")


def test_a_gene_is_mapped_with_positions_as_slots_of_their_own(tmp_path: Path) -> None:
    of = gene(tmp_path)
    assert of.faults == ()
    assert values(of, "P31") == [EntityId("Q7187"), EntityId("Q20747295")]
    assert values(of, "P353") == [Text("CDK2")]
    assert values(of, "P639") == [Text("NM_001290230"), Text("NM_001798")]
    assert values(of, "P2548") == [EntityId("Q22809680")]
    slots = [each for each in of.statements if each.rule.property == "P644"]
    assert [each.key for each in slots] == [
        (Snak("P659", EntityId("Q20966585")),),
        (Snak("P659", EntityId("Q21067546")),),
    ]
    assert values(of, "P644") == [Text("55966781"), Text("56360553")]
    assert said(of, "P644")[0].qualifiers[1] == Snak("P1057", EntityId("Q847102"))
    assert said(of, "P644")[0].references[0].snaks[1] == Snak("P594", Text("ENSG00000123374"))
    assert slots[0].rule.cites == {"P248", "P594"}


def test_an_element_has_its_own_qualifiers_and_reference(tmp_path: Path) -> None:
    of = gene(tmp_path)
    cycle, division = said(of, "P682")
    assert cycle.qualifiers == (
        Snak("P459", EntityId("Q26709563")),
        Snak("P459", EntityId("Q23190826")),
    ), "said twice, with an evidence each: one statement with both"
    assert [snak.value for snak in cycle.references[0].snaks] == [
        EntityId("Q28018111"), Text("P24941"), Text("21873635"),
    ]  # fmt: skip
    assert division.mainsnak.value == EntityId("Q188909")
    assert [snak.property for snak in division.references[0].snaks] == ["P248", "P352"]
    (rule,) = {
        id(each.rule): each.rule for each in of.statements if each.rule.property == "P682"
    }.values()
    assert rule.cites == {"P248", "P352"}, "not by an article that only some have"


def test_one_value_or_a_list_of_them_is_all_the_same(tmp_path: Path) -> None:
    one = {"gene": "ENSG00000123374", "transcript": "ENST00000266970"}
    of = gene(tmp_path, ensembl=[one], genomic_pos=[GENE["genomic_pos"]], refseq={"rna": "NM_1.1"})
    assert values(of, "P704") == [Text("ENST00000266970")]
    assert values(of, "P644") == [Text("55966781"), Text("56360553")]
    assert values(of, "P639") == [Text("NM_1")]


def test_a_gene_with_two_positions_or_on_a_scaffold_has_none(tmp_path: Path) -> None:
    twice = [GENE["genomic_pos"], {**GENE["genomic_pos"], "start": 1}]
    of = gene(tmp_path, genomic_pos=twice)
    assert values(of, "P644") == [Text("56360553")]
    scaffold = {**GENE["genomic_pos"], "chr": "KI270734.1"}
    of = gene(tmp_path, genomic_pos=scaffold)
    assert values(of, "P644") == [Text("56360553")]
    assert of.faults == ()


def test_a_gene_without_symbol_or_hgnc_has_no_symbol(tmp_path: Path) -> None:
    assert said(gene(tmp_path, HGNC=None), "P353") == []
    assert said(gene(tmp_path, symbol=None), "P353") == []


def test_a_gene_without_ensembl_has_no_reference_for_what_ensembl_says(tmp_path: Path) -> None:
    of = gene(tmp_path, ensembl=None)
    assert is_unknown(of, "P644")
    assert is_unknown(of, "P2548")
    assert said(of, "P704") == [], "nothing is said, so that nothing wants a reference"
    assert set(wrong(of)) == {("mapping-no-reference", "[ensembl][].gene")}


def test_the_real_gene_gives_what_its_table_says(tmp_path: Path) -> None:
    path = SHARED / "data" / "mygene" / "1017-CDK2.json"
    if not path.exists():
        pytest.skip("there is no shared data here")
    real = json.loads(path.read_text(encoding="utf-8"))
    of = record(mapper(tmp_path, GENES), real, key="1017")
    assert len(said(of, "P704")) == 12
    assert values(of, "P644") == [Text("55966781"), Text("56360553")]
    assert len(said(of, "P639")) == 4
    assert is_unknown(of, "P682"), "the table knows two of its terms"
    assert {key for key, _ in wrong(of)} == {"mapping-not-in-table"}
