"""The conflict report's round trip on a real MediaWiki: who decided, and whether it counts."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bots.core.config import HubConfig
from bots.core.outcome import NotReachedError
from bots.core.plan import Edit, Finding, Judged, Target
from bots.core.store import Decision, Store
from bots.datasets.facts import Difference
from bots.datasets.feedback.conflictpage import Facts, page_title, plan_pages
from bots.datasets.feedback.decisions import read_decisions, read_report_pages
from bots.datasets.feedback.rows import decisions_in, rows_in
from bots.wiki.desk import Desk
from bots.wiki.pages import Page
from bots.wiki.sites import Wikis
from sandbox.client import Client
from sandbox.mediawiki import Sandbox, Wiki
from tests.datasets.report.parts import NOW, item_url, keys, look, many

TEMPLATE = Path(__file__).parents[3] / "config/wiki/datasets/Template/HubBot difference.wikitext"
SITE = "data"

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Report:
    """A dataset's pages on the wiki, brought up to date and read as a run does it."""

    def __init__(self, desk: Desk, store: Store, config: HubConfig, name: str) -> None:
        self.desk, self.store, self.config, self.dataset = desk, store, config, name
        self.title = page_title(config, name)

    def pages(self) -> Mapping[str, Page]:
        return read_report_pages(self.desk, self.config, self.dataset)

    def show(self, *told: Difference) -> list[Edit]:
        """Bring the pages up to date; the edits."""
        pages = self.pages()
        targets = {title: Target(self.config.hub, title) for title in pages}
        bases = {title: self.store.base(self.dataset, each) for title, each in targets.items()}
        facts = Facts(told, pages, bases, self.store.decisions(self.dataset))
        shown = look(self.config, dataset=self.dataset, page_url=item_url)
        planned = list(plan_pages(facts, shown))
        edits = [each for each in planned if isinstance(each, Edit)]
        assert edits == planned
        for edit in edits:
            assert self.desk.write(edit, "differences").done
            self.store.leave(self.dataset, edit.target, edit.leaves, NOW)
        return edits

    def decisions(self, *partner: str) -> tuple[list[Decision], list[Finding]]:
        """What counts now."""
        decided, found = read_decisions(
            self.desk, self.store, self.config, self.dataset, SITE, partner, self.pages(), NOW
        )
        self.store.judge(self.dataset, [each for each in found if isinstance(each, Judged)], NOW)
        return decided, [each for each in found if isinstance(each, Finding)]

    def decide(self, by: Client, item: str, word: str, was: str = "") -> int:
        """Somebody writes a word into an item's row; the revision."""
        text = by.text(self.title) or ""
        at = text.index(f"|decision={was}", text.index(f"|item={item}|")) + len("|decision=")
        return by.edit(self.title, f"{text[:at]}{word}{text[at + len(was) :]}")


@pytest.fixture
def report(
    own_desk: Desk, store: Store, hub_config: HubConfig, fresh_title: Callable[[], str]
) -> Report:
    return Report(own_desk, store, hub_config, fresh_title().replace(" ", "-").casefold())


def test_only_a_trusted_persons_decision_counts_and_the_partners_never(
    report: Report, aino: Client, coordinator: Client
) -> None:
    assert len(report.show(*many(2))) == 1
    assert report.decisions() == ([], [])

    report.decide(aino, "Q1", "take-partner")
    decided, findings = report.decisions()
    assert decided == []
    assert keys(findings) == ["report-decision-waits"]
    assert (findings[0].target.title, findings[0].where) == (report.title, "Q1 P571")
    assert findings[0].message.params["list_groups"] == ["sysop"]

    report.decide(coordinator, "Q1", "keep-wiki", was="take-partner")
    decided, findings = report.decisions("coordinator")
    assert decided == []
    assert keys(findings) == ["report-decision-partner"]
    assert findings[0].message.params["user"] == "Coordinator"

    revid = aino.revision(report.title)
    decided, findings = report.decisions("Aino")
    assert findings == []
    assert decided == [
        Decision(
            bot=report.dataset,
            target=Target(SITE, "Q1"),
            slot="P571",
            pair=f"{1:016x}",
            choice="keep-wiki",
            user="Coordinator",
            revid=revid,
            decided=NOW,
        )
    ]


def test_who_edits_elsewhere_on_the_page_later_decided_nothing(
    report: Report, aino: Client, coordinator: Client
) -> None:
    report.show(*many(3))
    report.decide(aino, "Q1", "both")
    by_coordinator = report.decide(coordinator, "Q2", "both")
    coordinator.edit(report.title, (coordinator.text(report.title) or "") + "\nA line of mine.")
    aino.edit(report.title, (aino.text(report.title) or "") + "\nA line of Aino's.")
    report.show(*many(4))
    decided, findings = report.decisions()
    assert [(each.target.title, each.revid) for each in decided] == [("Q2", by_coordinator)]
    assert [(each.where, each.message.key) for each in findings] == [
        ("Q1 P571", "report-decision-waits")
    ]


def test_nothing_is_asked_for_rows_that_wait_and_for_decisions_that_are_known(
    report: Report, coordinator: Client, hub_wiki: Wiki
) -> None:
    report.show(*many(3))
    pages = report.pages()

    def asked() -> int:
        mark = hub_wiki.mark()
        given = (report.desk, report.store, report.config, report.dataset, SITE, (), pages, NOW)
        read_decisions(*given)
        return len(hub_wiki.requests_since(mark))

    assert asked() == 0
    report.decide(coordinator, "Q2", "keep-wiki")
    pages = report.pages()
    assert asked() == 2
    assert asked() == 0


def test_a_decision_that_is_taken_back_no_longer_counts(
    report: Report, aino: Client, coordinator: Client
) -> None:
    report.show(*many(2))
    for item in ("Q1", "Q2"):
        report.decide(coordinator, item, "keep-wiki")
    assert len(report.decisions()[0]) == 2
    report.decide(coordinator, "Q1", "", was="keep-wiki")
    assert [each.target.title for each in report.decisions()[0]] == ["Q2"]
    report.decide(aino, "Q2", "take-partner", was="keep-wiki")
    decided, findings = report.decisions()
    assert (decided, keys(findings)) == ([], ["report-decision-waits"])


def test_what_is_no_decision_is_told_with_its_line_and_the_words_that_count(
    report: Report, coordinator: Client, hub_wiki: Wiki
) -> None:
    report.show(*many(1))
    report.decide(coordinator, "Q1", "keep it")
    line = (coordinator.text(report.title) or "").split("{{HubBot")[0].count("\n") + 1
    decided, [finding] = report.decisions()
    assert decided == []
    assert finding.message.key == "report-decision-unknown"
    assert finding.message.params == {
        "line": str(line),
        "given": "keep it",
        "list_words": ["keep-wiki", "take-partner", "both"],
    }


def test_carried_out_it_closes_and_undone_by_people_it_has_to_be_said_anew(
    report: Report, aino: Client, coordinator: Client
) -> None:
    """The row comes back with the same pair, as if the wiki's value had been put back."""
    report.show(*many(2))
    first = report.decide(coordinator, "Q1", "take-partner")
    assert [each.revid for each in report.decisions()[0]] == [first]

    report.show(*many(2)[1:])
    text = aino.text(report.title) or ""
    assert [row.key.item for row in rows_in(text, report.dataset)] == ["Q2"]
    assert f"Special:Diff/{first}" in text[text.index("Decided lately") :]
    assert [each.revid for each in report.decisions()[0]] == [first]

    report.show(*many(2))
    assert decisions_in(aino.text(report.title) or "", report.dataset) == []
    report.decide(aino, "Q1", "take-partner")
    decided, findings = report.decisions()
    assert (decided, keys(findings)) == ([], ["report-decision-waits"])
    report.decide(coordinator, "Q1", "", was="take-partner")
    again = report.decide(coordinator, "Q1", "take-partner")
    assert [each.revid for each in report.decisions()[0]] == [again]


def test_a_row_that_comes_back_waits_for_a_decision(report: Report, coordinator: Client) -> None:
    report.show(*many(2))
    report.decide(coordinator, "Q1", "take-partner")
    assert len(report.decisions()[0]) == 1
    report.show(*many(2)[1:])
    report.show(*many(2))
    assert report.decisions() == ([], [])


def test_a_wiki_that_calls_its_namespaces_otherwise_has_the_same_pages(
    own_desk: Desk, store: Store, hub_config: HubConfig, sandbox_wikis: Sandbox
) -> None:
    config = hub_config.model_copy(update={"hub": "sv"})
    report = Report(Desk(Wikis(config)), store, config, "museums-sv")
    assert len(report.show(*many(120))) == 2
    assert report.show(*many(120)) == []
    text = Client(sandbox_wikis.sv).text("Användare:HubBot/datasets/museums-sv/2") or ""
    assert len(rows_in(text, "museums-sv")) == 20


def test_a_page_that_cannot_be_read_is_not_taken_for_none(
    own_desk: Desk, hub_config: HubConfig, database: str
) -> None:
    with pytest.raises(NotReachedError, match="datasets/a<b"):
        read_report_pages(own_desk, hub_config, "a<b")


def test_a_second_run_edits_nothing_on_the_wiki(report: Report, coordinator: Client) -> None:
    report.show(*many(120))
    report.decide(coordinator, "Q7", "both")
    assert report.show(*many(120)) == []


def test_mediawiki_shows_the_rows_and_no_value_does_anything(
    report: Report, coordinator: Client
) -> None:
    coordinator.edit("Template:HubBot difference", TEMPLATE.read_text(encoding="utf-8"))
    nasty = "<script>x</script>{{Main Page}}[[Category:X]]'''|-\n|}~~~~"
    [one, two] = many(2, wiki=(nasty,), ours=nasty, references=(nasty,), record=nasty, url="")
    report.show(one, two)
    report.decide(coordinator, "Q2", "keep-wiki")
    what = "text|templates|categories|parsewarnings|sections"
    shown = coordinator.ask(action="parse", page=report.title, prop=what)["parse"]
    assert [each["title"] for each in shown["templates"]] == ["Template:HubBot difference"]
    assert (shown["categories"], shown["parsewarnings"]) == ([], [])
    assert [each["line"] for each in shown["sections"]] == [
        "Conflicts (2)",
        "Q1: founded",
        "Q2: founded",
    ]
    text = shown["text"]
    assert text.count('class="hubbot-difference"') == 2
    assert "<script" not in text
    assert html.unescape(text).count(" ".join(nasty.split())) == 8
    assert text.count("none yet") == 1
    assert text.count("<b>The wiki’s stays</b>") == 1
