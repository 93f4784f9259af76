"""Pages on which people decide: what is read, what is told, and what is never lost."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.core.plan import Target
from bots.core.wikibase.model import EntityId
from bots.core.wikitext import find_templates
from bots.datasets.choices import valuepages
from bots.datasets.choices.matchpages import (
    MATCHES,
    MatchDecision,
    above,
    answers_in,
    archive_title,
    archived,
    ids_named,
    parse,
    title,
)
from bots.datasets.choices.rowpages import (
    Kind,
    Left,
    Updated,
    lay_out,
    left_from,
    new_page,
    read_key,
    rows_in,
    update,
    written_key,
)
from bots.datasets.choices.valuepages import VALUES, Proposal, WaitingValue, parse_table
from sandbox.seed import PAGES
from tests.datasets.candidates.examples import (
    COUNTRY,
    LIBRARY,
    LOOK,
    MUSEUM,
    ROLES,
    TOWN,
    example_rows,
    item,
    judged,
    record,
    shown_row,
    without,
)

ROWS = example_rows()
PAGE, LEFT = new_page(ROWS, MATCHES, "Above.")
ONE, SEVERAL = "NL-0002", "NL-0001"


def decided(key: str, said: str, text: str = PAGE, parameter: str = "decision") -> str:
    """The page after somebody wrote in a row."""
    place = text.index(f"|{parameter}=", text.index(f"|key={key}")) + len(parameter) + 2
    return text[:place] + said + text[place:]


def messages(text: str) -> list[tuple[str, str]]:
    return [(each.key, each.message.key) for each in parse(text)[1]]


def again(text: str, left: Left = LEFT, rows: list = ROWS, done: tuple[str, ...] = ()) -> Updated:
    return update(text, left, rows, MATCHES, done)


@pytest.mark.parametrize(
    ("key", "said", "decision"),
    [
        (SEVERAL, "Q103", MatchDecision(SEVERAL, "item", "Q103")),
        (SEVERAL, " q103 ", MatchDecision(SEVERAL, "item", "Q103")),
        (SEVERAL, "Q999", MatchDecision(SEVERAL, "item", "Q999")),
        (SEVERAL, "[[d:Q103|the museum]]", MatchDecision(SEVERAL, "item", "Q103")),
        (SEVERAL, "{{Q|Q103}}", MatchDecision(SEVERAL, "item", "Q103")),
        (SEVERAL, "https://www.wikidata.org/wiki/Q103", MatchDecision(SEVERAL, "item", "Q103")),
        (SEVERAL, "Q103 <!-- sure -->", MatchDecision(SEVERAL, "item", "Q103")),
        (ONE, "this one", MatchDecision(ONE, "item", "Q106")),
        (ONE, "This  One.", MatchDecision(ONE, "item", "Q106")),
        (ONE, "denna", MatchDecision(ONE, "item", "Q106")),
        (ONE, "new", MatchDecision(ONE, "new")),
        (ONE, "'None'", MatchDecision(ONE, "none")),
    ],
)
def test_what_a_person_writes_is_a_decision(key: str, said: str, decision: MatchDecision) -> None:
    assert parse(decided(key, said)) == ([decision], [])


@pytest.mark.parametrize(
    ("key", "said", "message"),
    [
        (SEVERAL, "this one", "candidate-decision-which"),
        ("NL-0003", "this one", "candidate-decision-which"),
        (ONE, "Q1 or Q2", "candidate-decision-unclear"),
        (ONE, "Q0", "candidate-decision-unclear"),
        (ONE, "P31", "candidate-decision-unclear"),
        (ONE, "Q1234567890123456789", "candidate-decision-unclear"),
        (ONE, "Q2147483648", "candidate-decision-unclear"),
        (ONE, "the first, I think?", "candidate-decision-unclear"),
        (ONE, "Q١٢", "candidate-decision-unclear"),
        (ONE, "x" * 10_000, "candidate-decision-unclear"),
        (ONE, "Q106\n|decision=new", "candidate-decision-two"),
    ],
)
def test_what_is_no_decision_is_told_with_its_row(key: str, said: str, message: str) -> None:
    text = decided(key, said)
    assert parse(text)[0] == []
    assert messages(text) == [(key, message)]
    [trouble] = parse(text)[1]
    finding = trouble.finding(Target("hub", "Page"))
    assert finding.where == key
    for language in ("en", "sv"):
        assert len(LOOK.messages.text(language, finding.message)) < 500


def test_a_decision_given_twice_the_same_way_in_one_row_is_still_two() -> None:
    assert messages(decided(ONE, "new\n|decision=new")) == [(ONE, "candidate-decision-two")]
    assert parse(decided(ONE, "new\n|decision="))[1] == []


def test_a_row_that_is_there_twice_counts_in_neither_place() -> None:
    text = decided(ONE, "new")
    [row] = [row for row in rows_in(text, MATCHES)[0] if row.key == ONE]
    text += text[row.start : row.end]
    assert parse(text)[0] == []
    assert messages(text) == [(ONE, "candidate-row-doubled")]
    updated = again(text)
    assert updated.text == text
    assert ONE in [each.key for each in updated.troubles]


def test_a_row_in_another_template_is_told_and_kept() -> None:
    text = decided(ONE, "new")
    [row] = [row for row in rows_in(text, MATCHES)[0] if row.key == ONE]
    call = text[row.call.start : row.call.end]
    text = text.replace(call, f"{{{{hidden|{call}}}}}")
    assert parse(text)[0] == []
    assert messages(text) == [(ONE, "candidate-row-nested")]
    assert again(text).text == text


def test_a_row_without_its_key_is_told_by_its_line() -> None:
    text = decided(ONE, "new").replace(f"|key={ONE}\n", "")
    assert parse(text)[0] == []
    [trouble] = parse(text)[1]
    assert trouble.message.key == "candidate-row-no-key"
    line = text[: text.index("Harbour Museum Foundation")].count("\n") + 1
    assert trouble.finding(Target("hub", "Page")).where == f"line {line + 1}"


def test_a_row_whose_braces_are_open_takes_no_other_with_it() -> None:
    text = decided("NL-0005", "none")
    [row] = [row for row in rows_in(text, MATCHES)[0] if row.key == ONE]
    text = text[: row.call.end - 2] + text[row.call.end :]
    decisions, wrong = parse(text)
    assert decisions == [MatchDecision("NL-0005", "none")]
    assert [each.message.key for each in wrong] == ["candidate-row-unclosed"]
    updated = again(text)
    assert updated.text == text
    told = {(each.key, each.message.key) for each in updated.troubles}
    assert (ONE, "candidate-row-removed") in told


def test_rows_in_comments_and_examples_are_no_decisions() -> None:
    call = "{{HubBot match|key=NL-9|decision=new}}"
    for text in (f"<!-- {call} -->", f"<nowiki>{call}</nowiki>", f"<pre>{call}</pre>"):
        assert parse(text) == ([], [])


def test_rendering_again_changes_nothing() -> None:
    updated = again(PAGE)
    assert (updated.text, updated.left, updated.troubles) == (PAGE, LEFT, ())
    assert left_from(PAGE, MATCHES) == LEFT
    assert json.loads(json.dumps(updated.left)) == LEFT


def changed_rows() -> list:
    """The same records after the wiki's items changed: one item more, one less, new labels."""
    here = item("Q106", "Harbour Museum", facts=without("P571"), description="museum in a harbour")
    other = item("Q107", "Harbour Museum", facts=without("P571", "P856"))
    one = shown_row(ONE, "Harbour Museum Foundation Ltd", here, other)
    several = shown_row(SEVERAL, "Harbour Museum", item("Q102", "Harbor Museum"))
    return [several, one, *ROWS[2:]]


def test_rows_that_nobody_touched_are_renewed() -> None:
    updated = again(PAGE, rows=changed_rows())
    fresh, left = new_page(changed_rows(), MATCHES, "Above.")
    assert (updated.text, updated.left, updated.troubles) == (fresh, left, ())


def test_a_note_and_text_below_a_row_stay_when_the_row_is_renewed() -> None:
    text = decided(ONE, "ask the museum", parameter="note")
    text = text.replace("== Collection", "I asked them. --Aino\n\n== Collection")
    updated = again(text, rows=changed_rows())
    [call] = [
        call for call in find_templates(updated.text, ["HubBot match"]) if call.value("key") == ONE
    ]
    assert call.value("note") == "ask the museum"
    assert call.value("item2") == "Q107"
    assert call.value("about") == "museum in a harbour"
    assert "I asked them. --Aino" in updated.text
    later = again(updated.text, updated.left, changed_rows())
    assert (later.text, later.left) == (updated.text, updated.left)
    back = again(updated.text, updated.left)
    assert back.text == text


def test_what_people_changed_in_a_row_is_not_changed_back() -> None:
    text = PAGE.replace("|about=museum\n", "|about=museum ship\n")
    text = text.replace("|about=museum|", "|about=museum ship|")
    assert text != PAGE
    updated = again(text, rows=changed_rows())
    assert "about=museum ship" in updated.text
    assert "museum in a harbour" not in updated.text
    assert "item2=Q107" in updated.text
    later = again(updated.text, updated.left, changed_rows())
    assert later.text == updated.text


def test_a_row_with_a_decision_is_not_touched() -> None:
    text = decided(ONE, "this one")
    updated = again(text, rows=[changed_rows()[1]])
    assert updated.text.count(f"|key={ONE}") == 1
    assert parse(updated.text)[0] == [MatchDecision(ONE, "item", "Q106")]
    assert "item2=Q107" not in updated.text


def test_what_is_not_known_to_be_ours_is_left_alone() -> None:
    updated = again(PAGE, left={}, rows=changed_rows())
    assert (updated.text, updated.left) == (PAGE, {})


def test_a_row_that_people_took_away_is_told_and_not_put_back() -> None:
    [row] = [row for row in rows_in(PAGE, MATCHES)[0] if row.key == ONE]
    text = PAGE[: row.start] + PAGE[row.end :]
    updated = again(text)
    assert updated.text == text
    assert [(each.key, each.message.key) for each in updated.troubles] == [
        (ONE, "candidate-row-removed")
    ]
    assert again(updated.text, updated.left).troubles == updated.troubles
    assert again(PAGE, updated.left).troubles == ()


def test_a_row_that_waits_no_more_goes_unless_people_wrote_in_it() -> None:
    rest = [row for row in ROWS if row.key != ONE]
    updated = again(PAGE, rows=rest)
    assert ONE not in updated.text
    assert ONE not in updated.left
    noted = decided(ONE, "wait for me", parameter="note")
    kept = again(noted, rows=rest)
    assert kept.text == noted
    assert [(each.key, each.message.key) for each in kept.troubles] == [
        (ONE, "candidate-row-needless")
    ]


def test_what_was_carried_out_moves_to_the_archive_with_all_that_people_wrote() -> None:
    text = decided(ONE, "this one")
    text = decided(ONE, "see [[Talk]]", text, "note")
    text = text.replace("== Collection", "I asked them. --Aino\n\n== Collection")
    updated = again(text, done=(ONE,))
    assert ONE not in updated.text
    assert ONE not in updated.left
    assert "I asked them" not in updated.text
    assert set(updated.taken_out) == {ONE}
    carried = {ONE: (updated.taken_out[ONE], "Aino|}}", "2026-03-01")}
    page = archived(None, carried)
    assert parse(page)[0] == [MatchDecision(ONE, "item", "Q106", "see [[Talk]]")]
    [row] = rows_in(page, MATCHES)[0]
    assert row.call.value("done") == "2026-03-01"
    assert row.call.value("by") == "Aino&#124;&#125;&#125;"
    assert "I asked them. --Aino" in page
    assert archived(page, carried) == page
    more = archived(page + "\nSomebody's words.\n", {"x": ("{{HubBot match\n|key=x\n}}", "A", "1")})
    assert more.startswith(page.rstrip())
    assert "Somebody's words." in more
    anew = {ONE: (updated.taken_out[ONE].replace("this one", "none"), "Aino", "2026-05-01")}
    assert archived(page, anew).count(f"|key={ONE}\n") == 2
    rest = [row for row in ROWS if row.key != ONE]
    assert again(updated.text, updated.left, rest).text == updated.text


def test_new_rows_come_after_those_that_are_there() -> None:
    more = [*ROWS, shown_row("NL-0006", "Another")]
    updated = again(PAGE, rows=more)
    assert [row.key for row in rows_in(updated.text, MATCHES)[0]] == [row.key for row in more]
    assert updated.text.startswith(PAGE[: PAGE.index("<!-- hubbot:match end")].rstrip())


def test_outside_the_region_not_a_byte_changes() -> None:
    around = "Über [[Talk]]\t\n{{HubBot match|key=other|decision=}}\n"
    updated = again(around + PAGE + around.replace("other", "more"), rows=changed_rows())
    assert updated.text.startswith(around)
    assert updated.text.endswith(around.replace("other", "more"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<!-- hubbot:match begin -->", "", "region-only-end"),
        ("<!-- hubbot:match end -->", "<!-- hubbot:match end -->" * 2, "region-doubled"),
        ("<!-- hubbot:match begin -->", "{{x|<!-- hubbot:match begin -->}}", "region-nested"),
    ],
)
def test_without_a_region_that_is_sure_nothing_is_written(old: str, new: str, message: str) -> None:
    text = PAGE.replace(old, new)
    updated = again(text, rows=changed_rows(), done=(ONE,))
    assert (updated.text, updated.left, updated.taken_out) == (text, LEFT, {})
    assert message in [each.message.key for each in updated.troubles]
    assert LOOK.messages.text("sv", updated.troubles[-1].message)


def test_names_with_markup_stay_in_their_place() -> None:
    nasty = "}}|decision=new\n== x ==\n<!-- hubbot:match end -->[[~~~~]]<nowiki>"
    theirs = item("Q1", nasty, nasty, description=nasty)
    row = shown_row(nasty, nasty, theirs)
    text, left = new_page([row], MATCHES, "Above.")
    assert parse(text) == ([], [])
    [found] = rows_in(text, MATCHES)[0]
    assert found.key == nasty
    assert found.call.value("item") == "Q1"
    assert update(text, left, [row], MATCHES).text == text
    assert parse(decided(written_key(nasty), "new", text))[0] == [MatchDecision(nasty, "new")]


@given(st.text(min_size=1, max_size=60))
def test_any_key_comes_back_to_the_letter(key: str) -> None:
    try:
        key.encode()
    except UnicodeEncodeError:
        return
    assert read_key(written_key(key)) == key
    row = replace(ROWS[0], key=key)
    text, _ = new_page([row], MATCHES, "")
    assert [row.key for row in rows_in(text, MATCHES)[0]] == [key]


@pytest.mark.parametrize("key", ["~~~~", "__NOTOC__", "http://a.example//b", "a--b", "{{!}}|="])
def test_a_key_neither_signs_nor_switches_nor_links(key: str) -> None:
    for mark in ("~", "__", "//", "--", "{", "|", "="):
        assert mark not in written_key(key)
    assert read_key(written_key(key)) == key


def test_a_key_that_was_spoilt_is_told() -> None:
    text = PAGE.replace(f"|key={ONE}", "|key=%FF%FE")
    assert ("", "candidate-row-no-key") in messages(text)


def test_a_decision_holds_in_every_text_in_which_it_stands() -> None:
    text = decided(ONE, "this one")
    one = {(ONE, "Q106")}
    assert answers_in(text) == one
    assert answers_in(decided(ONE, "Q106")) == one
    assert answers_in(decided(ONE, "since yesterday", text, "note")) == one
    assert answers_in(PAGE) == answers_in("") == set()
    assert answers_in(decided(ONE, "Q107")) == {(ONE, "Q107")}
    assert answers_in(decided(SEVERAL, "Q106")) == {(SEVERAL, "Q106")}
    assert answers_in(decided(SEVERAL, "new", text)) == {*one, (SEVERAL, "new")}


def test_rows_stay_on_their_page_and_new_ones_fill_the_gaps() -> None:
    pages = {1: ["a", "b"], 2: ["c"]}
    assert lay_out(pages, ["c", "d", "a", "e", "f"], most=2) == {
        1: ["a"],
        2: ["c", "d"],
        3: ["e", "f"],
    }
    assert lay_out({}, [], 2) == {}
    assert lay_out({1: []}, ["x"], 2) == {1: ["x"]}
    many = lay_out({}, map(str, range(250)))
    assert [len(some) for some in many.values()] == [100, 100, 50]


def test_a_row_shows_what_people_need_to_decide() -> None:
    [call] = [
        call for call in find_templates(PAGE, ["HubBot match"]) if call.value("key") == SEVERAL
    ]
    assert "== Harbour Museum ==\n{{HubBot match\n|key=NL-0001\n" in PAGE
    assert call.value("type") == "museum"
    assert call.value("place") == "The Hague, Netherlands"
    assert call.value("since") == "1904"
    assert call.value("source") == "[https://partner.example/NL-0001 NL-0001]"
    assert [call.value(f"item{each}") for each in ("", "2", "3", "4")] == [
        "Q102",
        "Q103",
        "Q101",
        "",
    ]
    assert "inception (P571) is 1911 there, not 1904" in call.value("against3")
    assert "same type (museum (Q33506))" in call.value("for")
    assert call.value("decision") == call.value("note") == ""


def test_the_ids_that_a_row_names_are_known_before_their_labels_are_read() -> None:
    ours = record("1", "Harbour Museum")
    theirs = item("Q1", "Harbour Museum", facts=without(P31=EntityId(LIBRARY)))
    named = ids_named(ours, judged(ours, theirs), ROLES)
    assert named == {MUSEUM, LIBRARY, TOWN, COUNTRY, "P571"}


def test_titles_are_below_the_bots_own_page() -> None:
    assert title("HubBot", "museums") == "User:HubBot/match/museums"
    assert title("HubBot", "museums", 2) == "User:HubBot/match/museums/2"
    assert archive_title("HubBot", "museums", 1) == "User:HubBot/match/museums/decided/1"
    assert valuepages.title("HubBot", "museums", "kinds") == "User:HubBot/values/museums/kinds"


@pytest.mark.parametrize("language", ["en", "sv"])
def test_above_the_rows_people_read_what_to_write(language: str) -> None:
    said = above(replace(LOOK, language=language), "museums", ["sysop", "hubbot-deciders"])
    for word in ("this one", "new", "none", "decision=", "note=", "hubbot-deciders"):
        assert word in said


HARD_VALUES = ("museum", "Art | gallery }}", " with  spaces ", "Kirche/Kloster", "", "ö" * 300)


def value_page() -> tuple[str, Left]:
    proposals = (Proposal("Q33506", "museum", "institution"), Proposal("Q1007870", "art gallery"))
    waiting = [
        WaitingValue(value, at + 1, proposals[:at]) for at, value in enumerate(HARD_VALUES) if value
    ]
    return new_page([valuepages.row(each, LOOK) for each in waiting], VALUES, "Above.")


def test_a_value_table_comes_back_to_the_letter() -> None:
    text, _ = value_page()
    assert parse_table(text) == ({}, [])
    filled = text.replace("|item=\n", "|item=Q5\n")
    assert parse_table(filled) == ({value: "Q5" for value in HARD_VALUES if value}, [])
    one = decided(written_key("Art | gallery }}"), "this one", text, "item")
    assert parse_table(one) == ({"Art | gallery }}": "Q33506"}, [])
    assert valuepages.answers_in(one) == {("Art | gallery }}", "Q33506")}


@pytest.mark.parametrize("said", ["new", "none", "P31", "museum", "Q1, Q2"])
def test_what_is_no_item_is_told_with_its_value(said: str) -> None:
    text = decided("museum", said, value_page()[0], "item")
    table, wrong = parse_table(text)
    assert table == {}
    assert [(each.key, each.message.key) for each in wrong] == [
        ("museum", "candidate-value-unclear")
    ]
    doubled = decided("museum", f"Q1\n|item={said}", value_page()[0], "item")
    assert [each.message.key for each in parse_table(doubled)[1]] == ["candidate-decision-two"]


def test_the_number_of_records_that_wait_is_renewed_and_an_item_stays() -> None:
    text, left = value_page()
    rows = [valuepages.row(WaitingValue("museum", 99), LOOK)]
    updated = update(text, left, rows, VALUES)
    assert "|value=museum|records=99" in updated.text
    filled = decided("museum", "Q33506", text, "item")
    kept = update(filled, left, [], VALUES)
    assert parse_table(kept.text)[0] == {"museum": "Q33506"}


def test_the_templates_tell_the_visual_editor_of_every_parameter() -> None:
    kinds: list[tuple[Kind, str]] = [(MATCHES, PAGE), (VALUES, value_page()[0])]
    for kind, page in kinds:
        path = PAGES / "datasets" / "Template" / f"{kind.template}.wikitext"
        text = path.read_text(encoding="utf-8")
        data = json.loads(text.partition("<templatedata>")[2].partition("</templatedata>")[0])
        used = {
            each.name for call in find_templates(page, [kind.template]) for each in call.parameters
        }
        assert used <= set(data["params"]) == set(data["paramOrder"])
        for each in (data, *data["params"].values()):
            assert set(each["description"]) == {"en", "sv"}
        for name in data["params"]:
            assert name in text, name
