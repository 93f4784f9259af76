"""The pages on which people decide: rows come, stay where they are, and go; people's words stay."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from bots.core.plan import Target
from bots.core.store import Decision
from bots.core.wikitext import find_templates
from bots.datasets.feedback.conflictpage import ROWS_A_PAGE, key_of, page_title, revisions_before
from bots.datasets.feedback.rowids import difference_row
from bots.datasets.feedback.rows import TEMPLATE, decisions_in, rows_in
from tests.core.wikitext.nasty import values
from tests.datasets.report.parts import (
    CONFIG,
    DATASET,
    NOW,
    Wiki,
    decide,
    difference,
    keys,
    look,
    many,
    row_of,
)

KINDS = ["conflict", "refuted", "removed", "corrected", "unsupported"]


@pytest.fixture
def wiki() -> Wiki:
    return Wiki()


def items(wiki: Wiki, number: int = 1) -> list[str]:
    return [row.key.item for row in rows_in(wiki.text(number), DATASET)]


def test_a_difference_becomes_a_row_with_all_that_people_need(wiki: Wiki) -> None:
    edits, findings = wiki.run([difference()])
    assert [edit.target for edit in edits] == [Target("hub", "User:HubBot/datasets/museums")]
    assert findings == []
    [call] = find_templates(wiki.text(), [TEMPLATE])
    assert {each.name: each.value for each in call.parameters} == {
        "dataset": "museums",
        "item": "Q42",
        "slot": "P571",
        "pair": "0123456789abcdef",
        "kind": "conflict",
        "about": "[https://data.example/wiki/Q42 Q42]",
        "field": "founded – inception (P571)",
        "record": "[https://museums.example/SE-1 SE-1]",
        "wiki": "<bdi>1899</bdi>",
        "source": "<bdi>1900</bdi>",
        "cited": "[https://paper.example/1 https&#58;//paper.example/1]",
        "since": "2026-11-21",
        "decision": "",
        "note": "",
    }
    assert "=== Q42: founded ===" in wiki.text()


def test_the_page_links_the_task_and_who_answers_for_it(wiki: Wiki) -> None:
    wiki.run([difference()])
    assert f"/task/{DATASET}|Museums of Example]]" in wiki.text()


def test_a_second_run_writes_nothing(wiki: Wiki) -> None:
    told = [*many(150), difference(kind="removed", wiki=(), wiki_values=())]
    assert len(wiki.run(told)[0]) == 2
    assert wiki.run(told) == ([], [])
    assert wiki.run(told[::-1]) == ([], [])


def test_nothing_to_tell_makes_no_page(wiki: Wiki) -> None:
    assert wiki.run([]) == ([], [])


def test_rows_are_in_sections_by_kind_and_counted_on_top(wiki: Wiki) -> None:
    told = [difference(kind=kind, item=f"Q{10 - at}") for at, kind in enumerate(KINDS)]
    wiki.run([*told, difference(item="Q2")])
    assert items(wiki) == ["Q2", "Q10", "Q9", "Q8", "Q7", "Q6"]
    text = wiki.text()
    headings = [line for line in text.splitlines() if line.startswith("== ")]
    assert headings == [
        "== Conflicts (2) ==",
        "== Refuted by people (1) ==",
        "== Removed by people (1) ==",
        "== Corrected by people (1) ==",
        "== No longer in the source (1) ==",
    ]
    assert '| style="text-align: end;" | 2\n' in text[: text.index("== ")]


def test_decisions_notes_and_comments_of_people_stay(wiki: Wiki) -> None:
    told = many(3)
    wiki.run(told)
    decide(wiki, "Q2", "keep-wiki ")
    wiki.replace(
        "|note=\n}}\n\n=== Q3", "|note=See the annual report, p. 4\n}}\n:I agree. --Aino\n\n=== Q3"
    )
    wiki.save(wiki.first, f"A line above.\n{wiki.text()}\nA line below.")
    edits, findings = wiki.run([*told, difference(item="Q9")])
    assert (len(edits), findings) == (1, [])
    text = wiki.text()
    assert text.startswith("A line above.\n")
    assert text.endswith("\nA line below.")
    [decision] = decisions_in(text, DATASET)
    assert (decision.item, decision.given) == ("Q2", "keep-wiki")
    assert decision.note == "See the annual report, p. 4"
    between = text[text.index(row_of(text, "Q2")) : text.index("=== Q3")]
    assert ":I agree. --Aino" in between
    assert items(wiki) == ["Q1", "Q2", "Q3", "Q9"]


def test_words_below_a_row_that_closes_are_kept_at_the_end(wiki: Wiki) -> None:
    wiki.run(many(3))
    wiki.replace("\n\n=== Q3", "\n:I agree. --Aino\n\n=== Q3")
    wiki.run([each for each in many(3) if each.item != "Q2"])
    text = wiki.text()
    assert items(wiki) == ["Q1", "Q3"]
    assert text.index("=== Q3") < text.index("=== Q2") < text.index(":I agree. --Aino")
    assert text.count("=== Q2") == text.count(":I agree. --Aino") == 1
    assert wiki.run([each for each in many(3) if each.item != "Q2"]) == ([], [])


def test_what_people_changed_in_our_words_is_written_again(wiki: Wiki) -> None:
    wiki.run([difference()])
    wiki.replace("|source=<bdi>1900</bdi>", "|source=<bdi>2000</bdi>")
    wiki.run([difference()])
    assert "|source=<bdi>1900</bdi>" in wiki.text()


def test_a_new_value_is_a_new_row_without_the_old_decision(wiki: Wiki) -> None:
    wiki.run([difference()])
    decide(wiki, "Q42", "keep-wiki")
    again = difference(pair="f" * 16, ours="1901", ours_value="1901")
    wiki.run([again])
    assert [row.key for row in rows_in(wiki.text(), DATASET)] == [key_of(again)]
    assert decisions_in(wiki.text(), DATASET) == []
    assert "1901" in wiki.text()


def test_a_row_that_closes_goes_and_who_decided_is_listed(wiki: Wiki) -> None:
    wiki.run(many(2))
    decided = Decision(
        bot=DATASET,
        target=Target("data", "Q1"),
        slot="P571",
        pair=f"{1:016x}",
        choice="keep-wiki",
        user="Coordinator",
        revid=77,
        decided=datetime(2026, 11, 20, tzinfo=UTC),
    )
    still = replace(decided, target=Target("data", "Q2"), pair=f"{2:016x}")
    wiki.run(many(2)[1:], decisions=[decided, still])
    assert items(wiki) == ["Q2"]
    closed = wiki.text()[wiki.text().index("== Decided lately ==") :]
    assert closed.splitlines()[1] == (
        "* 2026-11-20: [https://data.example/wiki/Q1 Q1], P571: <code>keep-wiki</code> by "
        "[[:User:Coordinator|Coordinator]] ([[Special:Diff/77]])"
    )
    assert closed.count("\n* ") == 1


def test_the_first_day_of_a_row_stays(wiki: Wiki) -> None:
    wiki.run([difference()])
    later = difference(since=NOW.replace(year=2027))
    assert wiki.run([later]) == ([], [])


def test_further_rows_go_to_further_pages_and_stay_there(wiki: Wiki) -> None:
    told = many(2 * ROWS_A_PAGE + 1)
    edits, _ = wiki.run(told)
    assert [edit.target.title for edit in edits] == [
        page_title(CONFIG, DATASET, number) for number in (3, 2, 1)
    ]
    assert [len(items(wiki, number)) for number in (1, 2, 3)] == [100, 100, 1]
    assert "* [[:User:HubBot/datasets/museums/2|" in wiki.text()
    assert re.findall(r"^\* \[\[:.*/(\d)\]\] \((\d+)\)$", wiki.text(), re.M) == [
        ("2", "100"),
        ("3", "1"),
    ]
    decide(wiki, "Q201", "both", 3)
    left = [each for each in told if each.item not in ("Q1", "Q2")]
    wiki.run([*left, *(replace(each, slot="P1619") for each in told[:3])])
    assert items(wiki)[-1] == "Q100"
    assert {"Q1", "Q2", "Q3"} <= set(items(wiki))
    assert items(wiki, 2) == [f"Q{number}" for number in range(101, 201)]
    assert items(wiki, 3) == ["Q3", "Q201"]
    assert [each.item for each in decisions_in(wiki.text(3), DATASET)] == ["Q201"]


def test_what_has_no_place_waits_and_is_counted(
    wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.datasets.feedback.conflictpage.MOST_PAGES", 2)
    wiki.run(many(2 * ROWS_A_PAGE + 7))
    assert set(wiki.pages) == {page_title(CONFIG, DATASET, number) for number in (1, 2)}
    assert "7 more rows have no place here yet" in wiki.text()


def test_a_row_that_people_took_away_is_not_put_back(wiki: Wiki) -> None:
    wiki.run(many(3))
    text = wiki.text()
    start, end = text.index("=== Q2"), text.index("=== Q3")
    wiki.save(wiki.first, text[:start] + text[end:])
    for _ in range(2):
        wiki.run(many(3))
        assert items(wiki) == ["Q1", "Q3"]
        assert "One row that people took away isn’t shown again." in wiki.text()
    wiki.run(many(4))
    assert items(wiki) == ["Q1", "Q3", "Q4"]
    wiki.run([each for each in many(4) if each.item != "Q2"])
    wiki.run(many(4))
    assert items(wiki) == ["Q1", "Q2", "Q3", "Q4"]


def test_a_row_that_people_moved_out_of_our_place_is_theirs(wiki: Wiki) -> None:
    wiki.run(many(3))
    text = wiki.text()
    start, end = text.index("=== Q2"), text.index("=== Q3")
    wiki.save(wiki.first, f"{text[:start]}{text[end:]}\n{text[start:end]}")
    wiki.run(many(3))
    assert items(wiki) == ["Q1", "Q3", "Q2"]
    wiki.bases.clear()
    wiki.run(many(4))
    assert items(wiki) == ["Q1", "Q3", "Q4", "Q2"]


def test_a_page_that_was_deleted_is_not_made_again(wiki: Wiki) -> None:
    wiki.run(many(150))
    wiki.save(wiki.first, None)
    edits, findings = wiki.run(many(151))
    assert (edits, keys(findings)) == ([], ["report-page-gone"])


def test_a_page_without_our_place_is_left_alone(wiki: Wiki) -> None:
    wiki.save(wiki.first, "My own notes.")
    edits, findings = wiki.run([difference()])
    assert keys(findings) == ["region-missing"]
    assert [edit.target.title for edit in edits] == [page_title(CONFIG, DATASET, 2)]
    assert wiki.text() == "My own notes."


def test_a_row_that_is_not_closed_is_told_and_the_page_left_alone(wiki: Wiki) -> None:
    wiki.run(many(3))
    broken = wiki.text().replace("|note=\n}}\n\n=== Q3", "|note=\n\n=== Q3")
    wiki.save(wiki.first, broken)
    edits, findings = wiki.run([*many(3), difference(item="Q9")])
    assert keys(findings) == ["report-row-unclosed"]
    assert findings[0].message.params["line"] == str(
        broken[: broken.index("|item=Q2|")].count("\n") + 1
    )
    assert wiki.text() == broken
    assert [edit.target.title for edit in edits] == [page_title(CONFIG, DATASET, 2)]
    assert items(wiki, 2) == ["Q9"]


def test_a_row_that_is_there_twice_is_told_and_the_page_left_alone(wiki: Wiki) -> None:
    wiki.run(many(3))
    text = wiki.text()
    start, end = text.index("=== Q2"), text.index("=== Q3")
    wiki.save(wiki.first, text[:end] + text[start:end] + text[end:])
    edits, findings = wiki.run(many(4))
    assert (edits, keys(findings)) == ([], ["report-page-entangled"])


@pytest.mark.parametrize(
    "note", ["<nowiki>", "{{x|", "[[", "<!--", "<pre>", "-{", "\n== h ==\n", "{|"]
)
def test_no_note_hides_a_row(wiki: Wiki, note: str) -> None:
    wiki.run(many(3))
    wiki.replace("|note=\n}}\n\n=== Q3", f"|note={note}\n}}}}\n\n=== Q3")
    before = items(wiki)
    wiki.run(many(5))
    after = items(wiki)
    assert after == before or (set(before) <= set(after) and len(after) == len(set(after)))


@settings(max_examples=60, deadline=None)
@given(values(), values())
def test_values_from_outside_bring_no_markup(name: str, value: str) -> None:
    wiki = Wiki()
    told = difference(
        record=name,
        column=value,
        wiki=(value, name),
        ours=value,
        references=(name, value),
        url=value,
    )
    shown = look(partner=name, title=value, labels={"Q42": name, "P571": value})
    wiki.run([told, difference(item="Q43")], shown=shown)
    calls = find_templates(wiki.text(), [TEMPLATE])
    assert [call.value("item") for call in calls] == ["Q42", "Q43"]
    known = {each.name for each in calls[1].parameters}
    assert {each.name for each in calls[0].parameters} <= known
    assert wiki.run([told, difference(item="Q43")], shown=shown) == ([], [])


def test_long_and_many_values_are_cut(wiki: Wiki) -> None:
    wiki.run([difference(wiki=("x" * 2000, *map(str, range(7))), references=("y" * 2000,) * 9)])
    row = row_of(wiki.text(), "Q42")
    assert "x" * 299 + "…" in row
    assert "x" * 300 not in row
    assert "<bdi>3</bdi><br>and 3 more\n" in row
    assert "and 4 more" in row


def test_a_refusal_of_the_partner_is_shown_and_decides_nothing(wiki: Wiki) -> None:
    wiki.run([difference()], answers={difference_row(difference()): "refused"})
    assert "|answer=refused\n" in wiki.text()
    assert decisions_in(wiki.text(), DATASET) == []


def test_the_base_says_since_which_revision_a_row_stands(wiki: Wiki) -> None:
    wiki.run(many(1))
    first, second = (key_of(each).short for each in many(2))
    assert revisions_before(wiki.bases[wiki.first]) == {first: 0}
    wiki.save(wiki.first, wiki.text() + "\nx")
    before = wiki.pages[wiki.first].revid
    wiki.run(many(2))
    assert revisions_before(wiki.bases[wiki.first]) == {first: 0, second: before}
    assert revisions_before({"rows": "x"}) == {}


def test_the_page_is_in_the_wikis_language(wiki: Wiki) -> None:
    wiki.run(many(2), shown=look(language="sv"))
    assert "== Konflikter (2) ==" in wiki.text()
    assert "Conflicts" not in wiki.text()
