"""What the community sees of a dataset: its mapping and its task, kept up on the hub wiki."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bots.core.config import Approval, HubConfig, load_hub
from bots.core.outcome import utcnow
from bots.core.store import Run
from bots.datasets.mapping import load_dataset, load_datasets
from bots.datasets.publicpages import mappingpage, taskpage
from bots.datasets.publicpages.mappingpage import LastRun
from bots.datasets.publicpages.words import Words
from bots.house import open_house, run_bot
from sandbox.client import Client
from sandbox.domains import carrying
from tests.domains.hub import Hub, messages

ROOT = Path(__file__).parents[2]
MAPPING_PAGE, TASK_PAGE = "User:HubBot/mapping/museums", "User:HubBot/task/museums"
MAPPING: dict[str, Any] = {
    "title": "Museums {{of}} Example",
    "partner": "Example [[Museums]] Authority",
    "site": "wikidata",
    "source": {"package": "museums/datapackage.json", "kind": "full", "rhythm_days": 30},
    "match": {"property": "P791", "field": "isil", "people": False},
    "reference": [
        {"property": "P248", "item": "Q100"},
        {"property": "P791", "field": "isil"},
        {"property": "P813", "retrieved": True},
    ],
    "statements": [
        {
            "property": "P31",
            "field": "kind",
            "table": "kinds",
            "many": True,
            "transform": [{"split": "|"}, "lower"],
        },
        {
            "property": "P1128",
            "field": "staff",
            "datatype": "quantity",
            "withdrawal": "remove",
            "qualifiers": [{"property": "P585", "field": "year", "datatype": "time"}],
        },
    ],
    "terms": [{"term": "label", "language": "en", "field": "name"}],
    "tables": {"kinds": {"museum": "Q33506", "<b>other": None}},
}
DATATYPES = {
    "P791": "external-id",
    "P31": "wikibase-item",
    "P1128": "quantity",
    "P585": "time",
    "P248": "wikibase-item",
    "P813": "time",
    "P582": "time",
}


class Museums:
    """A dataset of two records and their items, and runs of it."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.mapping = json.loads(json.dumps(MAPPING))
        hub.approved = ["museums"]
        hub.write()
        hub.properties(**DATATYPES)
        for name in ("Q100", "Q33506"):
            hub.seed({"type": "item", "id": name})
        for number in (1, 2):
            hub.seed(carrying(f"Q{number}", "P791", f"X-{number}"))
        self.write()
        self.release("X-1,One,museum,5,2020", "X-2,Two,museum,7,2021")

    def write(self) -> None:
        """The mapping as it is now."""
        folder = self.hub.folder / "datasets"
        folder.mkdir(exist_ok=True)
        (folder / "museums.yaml").write_text(yaml.safe_dump(self.mapping, sort_keys=False))

    def release(self, *rows: str) -> None:
        """The partner's next file."""
        folder = self.hub.folder / "datasets" / "museums"
        folder.mkdir(exist_ok=True)
        names = ["isil", "name", "kind", "staff", "year"]
        (folder / "museums.csv").write_text("\n".join([",".join(names), *rows]) + "\n")
        fields = [{"name": name, "type": "string"} for name in names]
        package = {
            "name": "museums",
            "licenses": [{"name": "CC0-1.0"}],
            "contributors": [{"title": "Example"}],
            "resources": [
                {
                    "name": "museums",
                    "path": "museums.csv",
                    "schema": {"fields": fields, "primaryKey": "isil"},
                }
            ],
        }
        (folder / "datapackage.json").write_text(json.dumps(package))

    def run(self) -> Run:
        """One run."""
        house = open_house(self.hub.folder / "hub.yaml")
        return run_bot(house, "museums", lambda runner: runner.run())

    def text(self, title: str) -> str | None:
        """A page's text; None where there is none."""
        person = self.hub.person()
        answer = person.ask(
            action="query", titles=title, prop="revisions", rvprop="content", rvslots="main"
        )
        (page,) = answer["query"]["pages"]
        if "missing" in page:
            return None
        return str(page["revisions"][0]["slots"]["main"]["content"])

    def put(self, title: str, text: str) -> None:
        """A person writes the page."""
        answer = self.hub.person().write(action="edit", title=title, text=text)
        assert "error" not in answer, answer

    def findings(self) -> list[str]:
        with open_house(self.hub.folder / "hub.yaml").store() as store:
            return [each.finding.message.key for each in store.findings("museums")]


@pytest.fixture
def museums(hub: Hub) -> Museums:
    return Museums(hub)


def test_the_first_run_shows_mapping_and_task_and_the_next_asks_nothing_more(
    museums: Museums,
) -> None:
    run = museums.run()
    assert (run.state, dict(run.counts)) == ("finished", {"saved": 4})
    shown = museums.text(MAPPING_PAGE) or ""
    assert "| <code>kind</code> || [[:Property:P31|P31]] ||" in shown
    assert "Museums &#123;&#123;of&#125;&#125; Example" in shown
    assert "&#60;b&#62;other → –" in shown
    assert "qualifier [[:Property:P585|P585]]" in shown
    assert "removed, unless people have touched it" in shown
    assert f"({run.key}). It edited 2 items and made none; 2 records are known." in shown
    assert "[[User:HubBot/stop/museums|" in shown or "[[:User:HubBot/stop/museums|" in shown
    task = museums.text(TASK_PAGE) or ""
    for name in ("Task", "Operator", "Function details", "Source", "How many edits", "Stop"):
        assert f"\n; {name} : " in task
    assert "Coordinator" in task
    assert "promised every 30 days" in task

    mark = museums.hub.wikibase.mark()
    assert dict(museums.run().counts) == {}
    assert len(museums.hub.wikibase.requests_since(mark)) <= 4


def test_a_run_that_edited_moves_the_counts_alone_and_people_s_text_stays(
    museums: Museums,
) -> None:
    museums.run()
    first = museums.text(MAPPING_PAGE) or ""
    noted = first.replace("|-\n| <code>kind</code>", "|-\n| (kind?) <code>kind</code>", 1)
    museums.put(MAPPING_PAGE, f"Above.\n{noted}\nWe discussed it.")
    museums.release("X-1,One,museum,6,2020", "X-2,Two,museum,7,2021")
    run = museums.run()
    assert dict(run.counts) == {"saved": 2}
    after = museums.text(MAPPING_PAGE) or ""
    assert after.startswith("Above.\n<!-- hubbot:mapping begin -->")
    assert after.endswith("We discussed it.")
    assert "| (kind?) <code>kind</code>" in after
    assert f"({run.key}). It edited one item" in after
    assert dict(museums.run().counts) == {}


def test_a_changed_mapping_is_shown_once(museums: Museums) -> None:
    museums.run()
    museums.mapping["source"]["gone_after"] = 5
    museums.write()
    assert dict(museums.run().counts) == {"saved": 1}
    assert "once 5 releases have it no more" in (museums.text(MAPPING_PAGE) or "")
    assert dict(museums.run().counts) == {}


def test_a_page_without_our_place_is_left_alone_and_told(museums: Museums) -> None:
    museums.put(TASK_PAGE, "A task page that people wrote.")
    assert dict(museums.run().counts) == {"saved": 3}
    assert museums.text(TASK_PAGE) == "A task page that people wrote."
    assert museums.findings() == ["task-page-no-place"]
    museums.run()
    assert museums.findings() == ["task-page-no-place"]


def test_a_trial_lists_items_and_not_the_pages_about_itself(museums: Museums) -> None:
    house = open_house(museums.hub.folder / "hub.yaml")
    run = run_bot(house, "museums", lambda runner: runner.trial(1))
    assert dict(run.counts) == {"saved": 4, "planned": 1}
    listed = museums.text("User:HubBot/trial/museums") or ""
    assert listed.count("\n|-\n") == 1
    assert "User:HubBot/mapping" not in listed
    assert "It edited one item" in (museums.text(MAPPING_PAGE) or "")


def test_a_plan_that_waits_is_shown_with_what_it_would_do(museums: Museums) -> None:
    museums.hub.write(guard={"first_run_edits": 1})
    run = museums.run()
    assert run.state == "held"
    assert "No run has edited yet" in (museums.text(MAPPING_PAGE) or "")
    assert museums.text(TASK_PAGE)
    museums.hub.write()
    assert (museums.run().state, museums.findings()) == ("finished", [])
    assert "It edited 2 items" in (museums.text(MAPPING_PAGE) or "")


def test_a_held_plan_names_new_items_by_record_and_links_the_task(museums: Museums) -> None:
    museums.mapping["create"] = {"labels": ["en"]}
    identifier = {"property": "P791", "field": "isil", "datatype": "external-id"}
    museums.mapping["statements"].append(identifier)
    museums.write()
    museums.release("X-1,One,museum,5,2020", "X-3,Three,museum,7,2021")
    museums.hub.write(guard={"first_run_edits": 1})
    assert museums.run().state == "held"
    shown = museums.text("User:HubBot/plan/museums") or ""
    assert "[[:User:HubBot/task/museums|museums]]" in shown
    assert "\n| X-3 || new item || " in shown
    assert "\n| [[:Q1|Q1]] ||" in shown or "\n| [[Q1]] ||" in shown


def test_a_page_of_values_is_no_item_in_the_counts(museums: Museums) -> None:
    museums.mapping["tables"] = {"kinds": {"values": {"museum": "Q33506"}, "page": "Project:Kinds"}}
    museums.write()
    museums.release("X-1,One,castle,5,2020", "X-2,Two,museum,7,2021")
    museums.run()
    assert museums.text("Project:Kinds")
    assert "It edited 2 items and made none" in (museums.text(MAPPING_PAGE) or "")


def test_a_difference_is_told_with_the_property_s_label(museums: Museums) -> None:
    person = museums.hub.person()
    person.edit("P1128", {"labels": {"en": {"language": "en", "value": "employees"}}})
    museums.run()
    entity = person.ask(action="wbgetentities", ids="Q1")["entities"]["Q1"]
    (claim,) = entity["claims"]["P1128"]
    claim["mainsnak"]["datavalue"]["value"]["amount"] = "+6"
    person.edit("Q1", {"claims": [claim]})
    museums.release("X-1,One,museum,7,2020", "X-2,Two,museum,7,2021")
    museums.run()
    house = open_house(museums.hub.folder / "hub.yaml")
    later = replace(house, now=lambda: utcnow() + timedelta(days=4))
    run_bot(later, "museums", lambda runner: runner.run())
    assert "|field=staff – employees (P1128)\n" in (
        museums.text("User:HubBot/datasets/museums") or ""
    )
    assert dict(run_bot(later, "museums", lambda runner: runner.run()).counts) == {}


def test_nothing_is_written_where_the_operator_or_nobody_has_agreed(
    museums: Museums, tmp_path: Path
) -> None:
    museums.hub.write(public_pages=False)
    assert dict(museums.run().counts) == {"saved": 2}
    assert museums.text(MAPPING_PAGE) is None
    museums.hub.approved = []
    museums.hub.write()
    museums.run()
    assert museums.findings() == []
    assert museums.text(TASK_PAGE) is None


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_mapping_that_there_is_can_be_shown(language: str) -> None:
    config = load_hub(ROOT / "config" / "hub.yaml")
    for dataset in load_datasets(ROOT / "config" / "datasets", config).values():
        words = Words(dataset, config, messages(), language, str, str)
        shown = mappingpage.body(words, None) + taskpage.body(words)
        assert shown.count("\n|-\n| <code>") >= len(dataset.statements) / 2
        assert len(shown.encode()) < 100_000


def test_what_only_new_items_get_and_where_a_list_comes_from_is_on_the_page() -> None:
    config = load_hub(ROOT / "config" / "hub.yaml")
    datasets = load_datasets(ROOT / "config" / "datasets", config)

    def rows(name: str) -> list[str]:
        words = Words(datasets[name], config, messages(), "en", str, str)
        return mappingpage.body(words, None).split("\n|-\n")

    registry = rows("research-organisations")
    assert [row for row in registry if "<code>types</code>" in row and "new items alone" in row]
    assert [row for row in registry if row.startswith("| some value")]
    assert [row for row in registry if "<code>names</code> → <code>value</code> || alias" in row]
    assert [row for row in rows("human-genes") if "mapping/human-proteins|" in row]


def test_a_task_says_whether_people_have_to_ask_for_new_items() -> None:
    config = load_hub(ROOT / "config" / "hub.yaml")
    datasets = load_datasets(ROOT / "config" / "datasets", config)
    for name, said in (
        ("research-organisations", "only where people"),
        ("human-genes", "only after"),
    ):
        words = Words(datasets[name], config, messages(), "en", str, str)
        assert f"\n; New items : {said}" in taskpage.body(words)


def test_where_the_community_agreed_is_named_once() -> None:
    config = load_hub(ROOT / "config" / "hub.yaml")
    (dataset, *_) = load_datasets(ROOT / "config" / "datasets", config).values()
    agreed = Approval(opt_in="Project:Agreed", bot_approval="Project:Agreed")
    site = config.sites[dataset.site].model_copy(update={"approvals": {dataset.id: agreed}})
    config = config.model_copy(update={"sites": {**config.sites, dataset.site: site}})
    words = Words(dataset, config, messages(), "en", str, str)
    assert taskpage.body(words).count("[[:Project:Agreed") == 1


NASTY = "<script>x</script>{{Main Page}}[[Category:X]]'''|-\n|}~~~~ == h =="


@pytest.mark.parametrize("language", ["en", "sv"])
def test_mediawiki_shows_both_pages_and_no_value_does_anything(
    coordinator: Client, tmp_path: Path, language: str
) -> None:
    mean = {
        "title": NASTY,
        "partner": NASTY,
        "source": {"package": "https://x.example/[[a]]{{b}}", "kind": "delta"},
        "create": {"labels": ["en"], "people": True},
        "statements": [
            {"property": "P791", "field": "isil", "datatype": "external-id"},
            {"property": "P31", "field": NASTY, "table": NASTY, "many": True},
            {
                "property": "P973",
                "value": "https://x.example/" + NASTY,
                "datatype": "url",
                "reference": [{"property": "P248", "item": "Q1"}],
            },
        ],
        "tables": {NASTY: {NASTY: "Q33506"}},
    }
    config = HubConfig.model_validate(
        {
            "account": "HubBot",
            "operator": "Coordinator",
            "contact": "x",
            "hub": "hub",
            "sites": {
                "hub": {"api": "https://x.example/api.php"},
                "wikidata": {
                    "family": "wikidata",
                    "code": "wikidata",
                    "approvals": {"museums": {"opt_in": NASTY, "bot_approval": NASTY}},
                },
            },
        }
    )
    path = tmp_path / "museums.yaml"
    path.write_text(yaml.safe_dump({**MAPPING, **mean}, sort_keys=False))
    words = Words(
        dataset=load_dataset(path, config),
        config=config,
        messages=messages(),
        language=language,
        page_url=lambda target: f"https://www.wikidata.org/wiki/{target.title}",
        title=lambda name: name,
        labels={"P31": NASTY},
    )
    last = LastRun("abc", "2026-01-31", 1, 2, 3)
    for text, sections in (
        (mappingpage.body(words, last), 4),
        (taskpage.body(words), 0),
    ):
        shown = coordinator.ask(
            action="parse",
            text=text,
            contentmodel="wikitext",
            prop="text|templates|categories|parsewarnings|sections",
        )["parse"]
        assert (shown["templates"], shown["categories"], shown["parsewarnings"]) == ([], [], [])
        assert len(shown["sections"]) == sections
        assert "<script" not in shown["text"]
        assert html.unescape(shown["text"]).count("{{Main Page}}") >= 2
        assert "⧼" not in shown["text"]
