"""The forms in which genes, proteins and annotations come from those who publish them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from bots.datasets.facts import Row
from bots.datasets.source import Fetcher, Source, SourceConfig, open_source
from bots.datasets.source.package import describe
from bots.datasets.source.reading import form_of
from tests.datasets.source.conftest import Site, fetcher, site
from tests.datasets.source.parts import NOW
from tests.domains.genes import (
    DATASETS,
    FUNCTIONS,
    GENES,
    PROTEINS,
    mapping,
    record_of,
    said,
    sample,
    values,
    word,
    words,
)
from tests.domains.hub import Hub

__all__ = ["fetcher", "site"]

SAMPLES = DATASETS / "samples"


def copied(folder: Path, name: str, resource: str, **changes: Any) -> Path:
    """A package as it ships, with one resource changed."""
    shutil.copytree(SAMPLES / name, folder, dirs_exist_ok=True)
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for each in package["resources"]:
        if each["name"] == resource:
            each.update(changes)
    path.write_text(json.dumps(package), encoding="utf-8")
    return path


def opened(path: Path, dataset: str, resource: str, **more: Any) -> Source:
    """The source as the dataset's mapping opens it, but for the resource."""
    told = mapping(dataset).source.model_dump() | {"package": path.name, "resource": resource}
    config = SourceConfig.model_validate(told | more.pop("config", {}))
    return open_source(config, path.parent, path.parent / "cache", None, NOW, **more)


def records(source: Source) -> dict[str, Any]:
    """All records' values by key; none may be faulty."""
    assert source.faults == []
    rows = [each for each in source.rows() if isinstance(each, Row)]
    found = {row.key: source.values(row) for row in rows}
    assert all(isinstance(each, dict) for each in found.values()), found
    return found


@pytest.mark.parametrize(
    ("name", "resource", "host"),
    [
        (GENES, "mygene", "mygene.info"),
        (PROTEINS, "uniprot", "rest.uniprot.org"),
        (PROTEINS, "goa", "ftp.ebi.ac.uk"),
    ],
)
def test_the_whole_source_is_one_line_away_and_described_as_the_sample_is(
    name: str, resource: str, host: str
) -> None:
    def bring(place: Path | str) -> Path:
        assert isinstance(place, Path), "nothing is fetched to know what a source is"
        return place

    found = describe(SAMPLES / name / "datapackage.json", bring, resource)
    assert str(found.place).startswith(f"https://{host}/")
    assert found.faults == ()
    assert found.licences
    form_of(found.schema.field_names, found.format, found.encoding, "", found.dialect)
    if resource != "goa":
        like = describe(SAMPLES / name / "datapackage.json", bring, "sample")
        assert found.schema.field_names == like.schema.field_names


@pytest.mark.parametrize("shape", ["hits", "list", "lines"])
def test_genes_are_read_as_mygene_info_s_hits_as_a_list_and_as_json_lines(
    tmp_path: Path, shape: str
) -> None:
    genes = sample()[:3]
    text = "\n".join(map(json.dumps, genes)) + "\n"
    changes: dict[str, Any] = {"path": "genes.txt", "format": "jsonl"}
    if shape != "lines":
        told: Any = {"took": 1, "total": 3, "hits": genes} if shape == "hits" else genes
        text = json.dumps(told, indent=1)
        changes |= {"format": "json"} | (
            {"dialect": {"property": "hits"}} if shape == "hits" else {}
        )
    path = copied(tmp_path, GENES, "sample", **changes)
    (tmp_path / "genes.txt").write_text(text, encoding="utf-8")
    found = records(opened(path, GENES, "sample"))
    assert [each["symbol"] for each in found.values()] == [each["symbol"] for each in genes]


def test_all_genes_are_fetched_by_mygene_info_s_scrolled_query(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    shutil.copytree(SAMPLES / GENES, tmp_path / "p")
    package = json.loads((tmp_path / "p" / "datapackage.json").read_text(encoding="utf-8"))
    (api,) = [each for each in package["resources"] if each["name"] == "mygene"]
    query = api["path"].removeprefix("https://mygene.info/v3/")
    api["path"] = query
    site.put("/v3/datapackage.json", json.dumps(package).encode())
    site.put("/v3/schema.json", (SAMPLES / GENES / "schema.json").read_bytes())
    genes = [{"_id": each["entrezgene"], "_score": 1.0, **each} for each in sample()]
    pages = {f"/v3/{query}": ("a", genes[:20]), "/v3/query?scroll_id=a": ("b", genes[20:])}
    for address, (scroll, hits) in pages.items():
        told = {"_scroll_id": scroll, "total": len(genes), "took": 2, "hits": hits}
        site.put(address, json.dumps(told).encode(), content_type="application/json")
    config = mapping(GENES).source.model_dump() | {
        "package": f"{site.url}/v3/datapackage.json",
        "resource": "mygene",
    }
    source = open_source(
        SourceConfig.model_validate(config), tmp_path, tmp_path / "cache", None, NOW, fetcher
    )
    found = records(source)
    assert len(found) == len(genes) == 32
    of = record_of(GENES, found["3043"], lambda _dataset, _key: "Q900")
    assert (values(of, "P353"), values(of, "P644"), of.faults) == (
        ["HBB"], ["5225464", "5246694"], (),
    )  # fmt: skip


def test_proteins_are_read_as_uniprot_streams_them(tmp_path: Path) -> None:
    found = records(opened(copied(tmp_path, PROTEINS, "sample"), PROTEINS, "sample"))
    assert len(found) == 30
    of = record_of(PROTEINS, found["P04637"], lambda _dataset, key: f"Q{key}")
    assert values(of, "P702") == ["Q7157"]
    assert values(of, "P705") == ["ENSP00000269305"]
    assert values(of, "P637") == ["NP_000537"]
    assert [each.texts for each in of.terms] == [("Cellular tumor antigen p53",)]
    of = record_of(PROTEINS, found["P60709"], lambda _dataset, key: f"Q{key}")
    assert (values(of, "P705"), of.faults) == ([], ()), "an empty cell"


def test_every_record_of_the_samples_is_without_fault() -> None:
    for each in sample():
        of = record_of(GENES, each, lambda _dataset, _key: "Q900")
        assert (of.faults, of.may_create) == ((), True), each["symbol"]
        assert len({s.rule.property for s in of.statements if s.values}) >= 9


# annotations


def line(protein: str, qualifier: str, term: str, evidence: str, aspect: str) -> str:
    """A line of GAF 2.2: 17 columns."""
    cells = [
        "UniProtKB", protein, "XXX1", qualifier, term, "PMID:1", evidence, "", aspect, 'A "name"',
        "X|Y", "protein", "taxon:9606", "20260101", "UniProt", "", "",
    ]  # fmt: skip
    return "\t".join(cells) + "\n"


ANNOTATIONS = (
    "!gaf-version: 2.2\n!generated-by: somebody\n"
    + line("P24941", "enables", "GO:0004674", "IDA", "F")
    + line("P04637", "located_in", "GO:0005634", "IEA", "C")
    + line("P24941", "located_in", "GO:0005634", "IBA", "C")
    + line("P24941", "enables", "GO:0004674", "IEA", "F")
    + line("P24941", "NOT|involved_in", "GO:0006915", "IMP", "P")
    + line("P24941", "involved_in", "GO:0000003", "TAS", "P")
    + line("P24941", "involved_in", "GO:0008150", "ND", "P")
)


def test_annotations_of_a_protein_are_one_record_with_a_value_a_term(tmp_path: Path) -> None:
    path = copied(tmp_path, PROTEINS, "goa", path="goa.gaf")
    (tmp_path / "goa.gaf").write_text(ANNOTATIONS, encoding="utf-8")
    found = records(opened(path, FUNCTIONS, "goa"))
    assert sorted(found) == ["P04637", "P24941"]
    items = {"GO:0004674": ("Q1",), "GO:0005634": ("Q2",)}
    made = mapping(FUNCTIONS).model_copy(
        update={"lookups": {**mapping(FUNCTIONS).lookups, "terms": items}}
    )
    of = record_of(FUNCTIONS, found["P24941"], dataset=made)
    assert [values(of, each) for each in ("P680", "P681", "P682")] == [["Q1"], ["Q2"], []]
    (kinase,) = said(of, "P680")
    assert [word(each) for each in kinase.qualifiers] == ["Q23174122", "Q23190881"]
    assert words(kinase.references[0].snaks) == {
        "P248": "Q28018111",
        "P854": "https://www.ebi.ac.uk/QuickGO/annotations?geneProductId=P24941",
        "P813": "+2026-11-21T00:00:00Z",
    }
    assert [each.message.params["value"] for each in of.faults] == ["GO:0000003"]


def test_a_dataset_that_is_switched_off_says_why_and_does_nothing(hub: Hub) -> None:
    folder = hub.folder / "datasets"
    (folder / "tables").mkdir(parents=True)
    shutil.copy(DATASETS / f"{FUNCTIONS}.yaml", folder)
    shutil.copy(DATASETS / "tables" / "go-terms.csv", folder / "tables")
    hub.approved = (FUNCTIONS,)
    hub.write()
    before = hub.wikibase.mark()
    for command in ("run", "plan"):
        told = hub.hubbot(command, FUNCTIONS)
        assert told.exit_code == 0
        assert "stopped" in told.output
        assert "the community agrees" in " ".join(told.output.split())
    asked = [each.parameters.get("action") for each in hub.wikibase.requests_since(before)]
    assert "wbeditentity" not in asked
    assert f"{FUNCTIONS} is switched off" in hub.hubbot("check", "--offline").output


def test_why_a_dataset_is_off_is_a_text_since_yaml_takes_off_for_false() -> None:
    told = yaml.safe_load((DATASETS / f"{FUNCTIONS}.yaml").read_text(encoding="utf-8"))
    assert told["switched_off"].startswith("annotations are CC BY 4.0")
