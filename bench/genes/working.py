"""HubBot, WikibaseIntegrator and a bare loop at the genes: each does the same work, timed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml
from wikibaseintegrator import WikibaseIntegrator, datatypes, wbi_helpers
from wikibaseintegrator.models import Qualifiers
from wikibaseintegrator.wbi_enums import ActionIfExists

from bench.genes import material
from bench.genes.material import DATASETS, GENES, PROTEINS, Gene
from bench.life.integrator import log_in
from bench.life.operator import write_hub
from bench.speed.hubbot import timed_run
from bench.speed.others import rest, session_of
from bench.speed.wiki import Served
from bots.core.store import Run
from bots.house import open_house, run_all

NAMES = (GENES, PROTEINS)


@dataclass(frozen=True)
class Worked:
    """`hubbot run human-genes human-proteins`: all its runs together, without their logins.

    `saved`: edits, new items among them; `requests` and `writes` as the server counts them, of all
    runs, and `genes_requests` of that of the genes.
    """

    seconds: float
    requests: int
    genes_requests: int
    writes: int
    saved: int


@dataclass
class Workplace:
    """A folder as an operator has it: the two mappings as they ship, but for the site."""

    wiki: Served
    folder: Path
    count: int

    def begin(self) -> None:
        """Set it up."""
        write_hub(self.folder, self.wiki.slow_api, NAMES)
        for name in NAMES:
            place = self.folder / "datasets" / "samples" / name
            shutil.copytree(DATASETS / "samples" / name, place)
            mapping = yaml.safe_load((DATASETS / f"{name}.yaml").read_text(encoding="utf-8"))
            mapping["site"] = "repo"
            path = self.folder / "datasets" / f"{name}.yaml"
            path.write_text(yaml.safe_dump(mapping, sort_keys=False))

    def work(self, version: int = 0, every: int = 1) -> Worked:
        """A release, and the runs on it; see `material.genes`."""
        samples = self.folder / "datasets" / "samples"
        material.write_genes(
            samples / GENES / "genes.jsonl", material.genes(self.count, version, every)
        )
        material.write_proteins(samples / PROTEINS / "proteins.tsv", material.proteins(self.count))
        house = open_house(self.folder / "hub.yaml")
        found = []

        def start(name: str) -> Run:
            timed = timed_run(house, name, self.wiki)
            if timed.run.state != "finished" or timed.run.counts.keys() - {"saved"}:
                raise SystemExit(f"The run did not do its work: {timed.run}")
            found.append(timed)
            return timed.run

        run_all(house, NAMES, start)
        return Worked(
            sum(each.seconds for each in found),
            sum(each.requests.all for each in found),
            found[0].requests.all,
            sum(each.requests.writes for each in found),
            sum(each.run.counts.get("saved", 0) for each in found),
        )


def made_bare(told: Served, wiki: Served) -> float:
    """Seconds for the requests alone by which the items that are on one wiki come to another.

    One POST an item, one PATCH a gene that gets its protein; over one connection, all bodies made
    beforehand but for the ids that the second wiki gives.
    """
    made = list(_made(told))
    session = session_of(wiki)
    slow = rest(wiki.slow_api)
    began = time.perf_counter()
    ids: dict[str, str] = {}
    etags: dict[str, str] = {}
    for old, body, _ in made:
        for statement in body["statements"].get("P702", []):
            statement["value"]["content"] = ids[statement["value"]["content"]]
        answer = session.post(slow, json={"item": body, "bot": True}, timeout=30)
        answer.raise_for_status()
        ids[old], etags[old] = answer.json()["id"], answer.headers["etag"]
    for old, _, links in made:
        if not links:
            continue
        for statement in links:
            statement["value"]["content"] = ids[statement["value"]["content"]]
        patch = [{"op": "add", "path": "/statements/P688", "value": links}]
        answer = session.patch(
            f"{slow}/{ids[old]}",
            json={"patch": patch, "bot": True},
            headers={"if-match": etags[old]},
            timeout=30,
        )
        answer.raise_for_status()
    return time.perf_counter() - began


def _made(told: Served) -> Iterator[tuple[str, dict[str, Any], list[Any]]]:
    """Each item that a bot made, in order: its id, its body without P688, and its P688."""
    session = session_of(told)
    for item in _new_items(session, told):
        answer = session.get(f"{rest(told.api)}/{item}", timeout=30)
        answer.raise_for_status()
        found = answer.json()
        statements = {
            name: [_without_ids(each) for each in group]
            for name, group in found["statements"].items()
        }
        links = statements.pop("P688", [])
        body = {name: found[name] for name in ("labels", "descriptions", "aliases")}
        yield item, {**body, "statements": statements}, links


def _without_ids(statement: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in statement.items() if name != "id"}
    plain["references"] = [{"parts": each["parts"]} for each in statement["references"]]
    return plain


def _new_items(session: requests.Session, told: Served) -> list[str]:
    asked = {
        "action": "query", "list": "usercontribs", "ucuser": "HubBot", "ucshow": "new",
        "ucdir": "newer", "ucnamespace": 0, "uclimit": "max", "format": "json",
        "formatversion": 2,
    }  # fmt: skip
    found: list[str] = []
    more: dict[str, Any] = {}
    while True:
        answer = session.get(told.api, params={**asked, **more}, timeout=60).json()
        found += [each["title"] for each in answer["query"]["usercontribs"]]
        if "continue" not in answer:
            return found
        more = answer["continue"]


class Integrator:
    """A loop over genes and proteins with WikibaseIntegrator, as a careful user writes it."""

    def __init__(self, wiki: Served) -> None:
        self._wiki = wiki
        self._wbi: WikibaseIntegrator = log_in(wiki.slow_api)
        self._items: dict[str, str] = {}

    def work(self, genes: Sequence[Gene]) -> tuple[float, int]:
        """Seconds and writes: genes, their proteins, and the genes that get a protein again."""
        self._wiki.requests()
        began = time.perf_counter()
        coding = [each for each in genes if "uniprot" in each]
        new = {each["uniprot"]["Swiss-Prot"] for each in coding} - self._items.keys()
        for each in genes:
            self._bring(
                each["entrezgene"], "P351", lambda each=each: self._gene(each), each["symbol"]
            )
        for each in coding:
            accession = each["uniprot"]["Swiss-Prot"]
            self._bring(accession, "P352", lambda each=each: self._protein(each), accession)
        for each in coding:
            if each["uniprot"]["Swiss-Prot"] in new:
                self._bring(
                    each["entrezgene"], "P351", lambda each=each: self._gene(each), each["symbol"]
                )
        return time.perf_counter() - began, self._wiki.requests().writes

    def _bring(
        self, key: str, property_id: str, said: Callable[[], Iterable[Any]], label: str
    ) -> None:
        found = self._items.get(key) or self._find(property_id, key)
        item = self._wbi.item.get(found) if found else self._wbi.item.new()
        item.claims.add(list(said()), action_if_exists=ActionIfExists.REPLACE_ALL)
        item.labels.set("en", label)
        self._items[key] = item.write(summary="from the dataset", is_bot=True).id

    def _find(self, property_id: str, key: str) -> str:
        asked = {
            "action": "query", "list": "search", "srnamespace": 0, "format": "json",
            "srsearch": f"haswbstatement:{property_id}={key}",
        }  # fmt: skip
        answer = wbi_helpers.mediawiki_api_call_helper(data=asked, allow_anonymous=True)
        hits = answer["query"]["search"]
        return str(hits[0]["title"]) if hits else ""

    def _gene(self, of: Gene) -> Iterator[Any]:
        ncbi = [_item("P248", "Q20641742"), _external("P351", of["entrezgene"])]
        ensembl = [_item("P248", "Q83867711"), _external("P594", of["ensembl"]["gene"])]
        uniprot = [_item("P248", "Q905695")]
        place, before = of["genomic_pos"], of["genomic_pos_hg19"]
        for name, text in (
            ("P351", of["entrezgene"]), ("P353", of["symbol"]), ("P354", of["HGNC"]),
            ("P593", str(of["homologene"]["id"])),
        ):  # fmt: skip
            yield _external(name, text, references=[ncbi])
        for text in of["refseq"]["rna"]:
            yield _external("P639", text.partition(".")[0], references=[ncbi])
        for text in of["ensembl"]["transcript"]:
            yield _external("P704", text, references=[ensembl])
        yield _external("P594", of["ensembl"]["gene"], references=[ensembl])
        yield _string("P4196", of["map_location"], references=[ncbi])
        yield _item("P703", "Q15978631", references=[ncbi])
        yield _item("P31", "Q7187", references=[ncbi])
        yield _item("P31", "Q20747295", references=[ncbi])
        hg38, hg19 = _qualified("Q20966585"), _qualified("Q21067546")
        yield _item("P1057", "Q430258", qualifiers=hg38, references=[ensembl])
        yield _item("P2548", "Q22809680", qualifiers=hg38, references=[ensembl])
        for where, known in ((place, hg38), (before, hg19)):
            yield _string("P644", str(where["start"]), qualifiers=known, references=[ensembl])
            yield _string("P645", str(where["end"]), qualifiers=known, references=[ensembl])
        protein = self._items.get(of.get("uniprot", {}).get("Swiss-Prot", ""))
        if protein:
            yield _item("P688", protein, references=[uniprot])

    def _protein(self, of: Gene) -> Iterator[Any]:
        accession = of["uniprot"]["Swiss-Prot"]
        uniprot = [_item("P248", "Q905695"), _external("P352", accession)]
        number = int(of["entrezgene"])
        yield _external("P352", accession, references=[uniprot])
        yield _item("P31", "Q8054", references=[uniprot])
        yield _item("P703", "Q15978631", references=[uniprot])
        yield _item("P702", self._items[of["entrezgene"]], references=[uniprot])
        yield _external("P705", f"ENSP{number:011}", references=[uniprot])
        yield _external("P637", f"NP_{number:07}", references=[uniprot])


def _item(name: str, item: str, **more: Any) -> Any:
    return datatypes.Item(item, prop_nr=name, **more)


def _external(name: str, text: str, **more: Any) -> Any:
    return datatypes.ExternalID(text, prop_nr=name, **more)


def _string(name: str, text: str, **more: Any) -> Any:
    return datatypes.String(text, prop_nr=name, **more)


def _qualified(assembly: str) -> Qualifiers:
    known = Qualifiers()
    known.add(_item("P659", assembly))
    known.add(_item("P1057", "Q430258"))
    return known
