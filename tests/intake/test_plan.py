"""The plan: what is written, what people keep, what is reported, and that nothing is done twice."""

from __future__ import annotations

import datetime as dt
import types
from dataclasses import replace

import pytest

from bots.core.plan import JSON, Edit, Judged, Planned
from bots.intake.plan import plan
from tests.intake.parts import (
    MARKS,
    NOW,
    TABLE,
    TOP,
    changed,
    edits,
    facts,
    findings,
    keys,
    planned,
    rules,
    saved,
    seen,
    template,
    text_of,
    with_talks,
)

GOOD = template() + MARKS
NC = "licence = CC BY-NC 4.0"
BAD = template(licence="CC BY-NC 4.0") + MARKS


def test_a_new_request_gets_its_answer_a_report_and_its_line_in_the_table() -> None:
    found = edits(planned(facts({"Maps": GOOD})))
    assert [edit.key for edit in found] == [
        f"intake:{TOP}/Maps",
        f"report:{TOP}/Maps",
        f"intake-index:{TOP}",
    ]
    page, report, index = found
    assert "state=triaged|since=2026-11-21|first=2026-11-21" in page.change.text
    assert report.target.title == f"Talk:{TOP}/Maps"
    assert report.change.announce
    assert report.after == page.key
    assert "== Checked: ready for review ==" in report.change.text
    assert report.leaves == {"reported": "triaged"}
    assert f"|request=[[{TOP}/Maps|Maps]]|partner=City Library|" in index.change.text


def test_a_second_run_with_nothing_changed_plans_nothing() -> None:
    before = facts({"Maps": GOOD, "Prints": BAD, "Draft": template(state="draft") + MARKS})
    after = with_talks(saved(before, edits(planned(before))))
    assert edits(planned(after)) == []
    tomorrow = replace(after, now=NOW + dt.timedelta(days=40))
    assert edits(planned(tomorrow)) == []


def test_the_same_findings_are_found_again_with_the_same_fingerprints() -> None:
    before = facts({"Prints": BAD})
    first = findings(planned(before))
    after = saved(before, edits(planned(before)))
    assert [each.fingerprint for each in findings(planned(after))] == [
        each.fingerprint for each in first
    ]
    assert [each.where for each in first] == ["licence"]


def test_a_request_that_was_mended_is_reported_once_more_and_since_that_day() -> None:
    before = facts({"Maps": BAD})
    after = saved(before, edits(planned(before)))
    later = NOW + dt.timedelta(days=3)
    mended = changed(after, "Maps", text_of(after, "Maps").replace(NC, "licence = CC BY 4.0"))
    page, report, index = edits(planned(with_talks(replace(mended, now=later))))
    assert "state=triaged|since=2026-11-24|first=2026-11-21" in page.change.text
    assert "is welcome in no Wikimedia project" not in page.change.text
    assert report.change.text.startswith(report.change.before or "never")
    assert "<!-- hubbot:report intake triaged 2026-11-24 -->" in report.change.text
    assert "since=2026-11-24" in index.change.text


def test_other_words_in_the_same_state_are_written_and_not_reported() -> None:
    before = facts({"Maps": BAD})
    after = saved(before, edits(planned(before)))
    other = changed(after, "Maps", text_of(after, "Maps").replace(NC, "licence = CC BY-ND 4.0"))
    found = edits(planned(with_talks(other)))
    assert [edit.key for edit in found] == [f"intake:{TOP}/Maps", f"intake-index:{TOP}"]
    assert "since=2026-11-21" in found[0].change.text


def test_a_report_that_is_on_the_talk_page_is_not_posted_again_without_a_store() -> None:
    before = facts({"Maps": GOOD})
    after = saved(before, edits(planned(before)))
    lost = with_talks(replace(after, bases={}))
    assert lost.talks[f"{TOP}/Maps"].text
    assert edits(planned(lost)) == []


def test_the_newest_report_on_the_talk_page_counts_and_not_an_older_one() -> None:
    before = facts({"Maps": BAD})
    after = saved(before, edits(planned(before)))
    talk = f"{TOP}/Maps"
    told = after.talks[talk].text or ""
    newer = told + "\n<!-- hubbot:report intake triaged 2026-11-23 -->\nThanks! Aino"
    moved = replace(after, bases={}, talks={talk: replace(after.talks[talk], text=newer)})
    found = [edit for edit in edits(planned(moved)) if edit.key.startswith("report:")]
    assert [edit.change.text[: len(newer)] for edit in found] == [newer]


def test_what_people_wrote_into_the_answer_stays() -> None:
    before = facts({"Maps": BAD})
    after = saved(before, edits(planned(before)))
    text = text_of(after, "Maps").replace(
        "'''Needed before", "I have asked them. --Bashir\n\n'''Needed before"
    )
    mended = changed(after, "Maps", text.replace(NC, "licence = CC BY-ND 4.0"))
    page = edits(planned(with_talks(mended)))[0]
    assert "I have asked them. --Bashir" in page.change.text
    assert "CC BY-ND 4.0) is welcome in no" in page.change.text


def test_where_people_and_hubbot_changed_the_same_line_theirs_stays_and_it_is_told() -> None:
    before = facts({"Maps": BAD})
    after = saved(before, edits(planned(before)))
    text = text_of(after, "Maps")
    line = next(line for line in text.split("\n") if "is welcome in no" in line)
    theirs = changed(after, "Maps", text.replace(line, "* I doubt that. --Bashir"))
    assert edits(planned(with_talks(theirs))) == []
    both = changed(theirs, "Maps", text_of(theirs, "Maps").replace(NC, "licence = CC BY-ND 4.0"))
    found = planned(with_talks(both))
    assert "intake-region-conflict" in keys(found)
    page = edits(found)[0]
    assert "* I doubt that. --Bashir" in page.change.text
    again = planned(with_talks(saved(both, edits(found))))
    assert edits(again) == []
    assert "intake-region-conflict" in keys(again)


def test_an_answer_that_people_took_out_is_not_brought_back() -> None:
    before = facts({"Maps": GOOD})
    after = saved(before, edits(planned(before)))
    emptied = changed(after, "Maps", GOOD)
    assert [edit for edit in edits(planned(emptied)) if edit.key == f"intake:{TOP}/Maps"] == []


def test_who_mends_a_request_and_clears_the_old_answer_away_gets_the_new_one() -> None:
    before = facts({"Maps": BAD})
    after = saved(before, edits(planned(before)))
    page = edits(planned(with_talks(changed(after, "Maps", GOOD))))[0]
    assert "state=triaged" in page.change.text
    assert "All that is needed to start is here." in page.change.text


def test_text_in_the_region_that_nobody_remembers_writing_is_left_alone() -> None:
    text = GOOD.replace("begin -->\n", "begin -->\nSomebody's words.\n")
    found = planned(facts({"Maps": text}))
    assert "intake-base-unknown" in keys(found)
    assert f"intake:{TOP}/Maps" not in [edit.key for edit in edits(found)]


def test_without_a_store_what_our_own_account_left_last_is_the_base() -> None:
    before = facts({"Maps": BAD})
    after = replace(saved(before, edits(planned(before))), bases={})
    assert edits(planned(with_talks(after))) == []
    page = after.pages[0]
    mended = replace(page, text=(page.text or "").replace(NC, "licence = CC BY 4.0"))
    found = planned(with_talks(replace(after, pages=[mended])))
    assert "state=triaged" in edits(found)[0].change.text


def test_a_draft_is_left_alone_and_only_listed() -> None:
    found = planned(facts({"Maps": template(state="draft", licence="") + MARKS}))
    assert [edit.key for edit in edits(found)] == [f"intake-index:{TOP}"]
    assert findings(found) == []
    assert "state=draft|words=draft" in edits(found)[0].change.text


@pytest.mark.parametrize("state", ["under-review", "accepted", "in progress", "Withdrawn"])
def test_a_state_that_people_set_is_shown_and_never_overwritten(state: str) -> None:
    slug = state.lower().replace(" ", "-")
    page, report, index = edits(planned(facts({"Maps": template(state=state, licence="") + MARKS})))
    assert f"| state = {state}" in page.change.text
    assert f"status|state={slug}|" in page.change.text
    assert "This state was set by a person" in page.change.text
    assert f"<!-- hubbot:report intake {slug} 2026-11-21 -->" in report.change.text
    assert f"|state={slug}|" in index.change.text


def test_nothing_is_asked_of_people_whose_request_is_closed() -> None:
    found = planned(facts({"Maps": template(state="declined", licence="") + MARKS}))
    assert findings(found) == []
    assert "Needed before" not in edits(found)[0].change.text


def test_a_state_that_people_wrote_over_hubbots_wins() -> None:
    before = facts({"Maps": BAD})
    after = saved(before, edits(planned(before)))
    text = text_of(after, "Maps").replace("status|state=needs-info", "status|state=accepted")
    index = edits(planned(with_talks(changed(after, "Maps", text))))[-1]
    assert "|state=accepted|words=accepted|" in index.change.text


def test_rows_that_people_hid_or_annotated_stay_so_while_others_come_and_go() -> None:
    before = facts({"Maps": GOOD, "Prints": GOOD})
    after = saved(before, edits(planned(before)))
    lines = text_of(after, TOP).split("\n")
    at = next(n for n, line in enumerate(lines) if "|Maps]]" in line)
    lines[at] = f"<!-- {lines[at]} -->"
    lines.insert(at + 1, "<!-- hidden while we talk --Aino -->")
    hidden = changed(after, TOP, "\n".join(lines))
    assert edits(planned(hidden)) == []
    more = replace(hidden, pages=[*hidden.pages, seen(f"{TOP}/Songs", GOOD)])
    more = replace(more, talk_titles={**more.talk_titles, f"{TOP}/Songs": f"Talk:{TOP}/Songs"})
    index = edits(planned(with_talks(more)))[-1]
    assert lines[at] in index.change.text
    assert "<!-- hidden while we talk --Aino -->" in index.change.text
    assert "|Songs]]" in index.change.text
    fewer = replace(hidden, pages=hidden.pages[:1])
    index = edits(planned(fewer))[-1]
    assert "|Prints]]" not in index.change.text
    assert index.leaves[f"state:{TOP}/Prints"] is None


def test_the_table_is_in_the_order_of_titles_whatever_the_order_of_reading() -> None:
    names = ["b", "C", "a", "É"]
    one = edits(planned(facts(dict.fromkeys(names, GOOD))))[-1]
    two = edits(planned(facts(dict.fromkeys(reversed(names), GOOD))))[-1]
    assert one.change.text == two.change.text
    order = [line.split("|", 3)[2] for line in one.change.text.split("\n") if "/row|" in line]
    assert [name.rstrip("]") for name in order] == ["a", "b", "C", "É"]


def test_a_page_that_cannot_be_read_keeps_its_line() -> None:
    before = facts({"Maps": GOOD, "Prints": GOOD})
    after = saved(before, edits(planned(before)))
    maps, prints = after.pages
    unread = replace(prints, text=None, fault="its text is hidden or lost")
    found = planned(replace(after, pages=[maps, unread]))
    assert edits(found) == []
    assert keys(found) == ["intake-page-unreadable"]


def test_a_missing_requests_page_or_region_is_found_and_requests_still_answered() -> None:
    for top, key in ((None, "intake-no-requests-page"), ("Hello", "region-missing")):
        found = planned(facts({"Maps": GOOD}, top=top))
        assert key in keys(found)
        assert [edit.key for edit in edits(found)] == [f"intake:{TOP}/Maps", f"report:{TOP}/Maps"]


def test_no_page_grows_beyond_what_the_wiki_takes() -> None:
    before = replace(facts({"Maps": GOOD}), max_bytes=len(GOOD) + 10)
    found = planned(before)
    assert "intake-region-too-long" in keys(found)
    assert f"intake:{TOP}/Maps" not in [edit.key for edit in edits(found)]


def test_a_page_right_below_the_requests_page_without_the_template_gets_an_answer() -> None:
    found = planned(facts({"Our maps": "Hello, we have maps. Who can help?"}))
    assert keys(found) == ["intake-template-missing"]
    report, index = edits(found)
    assert "Start again from the form on the requests page" in report.change.text
    assert "|Our maps]]" in index.change.text


def test_pages_further_down_redirects_and_pages_of_code_are_no_requests() -> None:
    before = facts({"Maps/notes": "Notes.", "Old": "#REDIRECT [[X]]", "x.js": "let x"})
    pages = [replace(page, skip=not page.title.endswith("notes")) for page in before.pages]
    assert edits(planned(replace(before, pages=pages)))[-1].key == f"intake-index:{TOP}"
    assert (
        "There are no requests yet." in edits(planned(replace(before, pages=pages)))[0].change.text
    )


def test_a_talk_page_that_is_a_redirect_is_not_written_to() -> None:
    before = facts({"Maps": GOOD})
    talk = replace(seen(f"Talk:{TOP}/Maps", "#REDIRECT [[Talk:X]]"), skip=True)
    found = planned(replace(before, talks={f"{TOP}/Maps": talk}))
    assert "intake-page-unreadable" in keys(found)
    assert f"report:{TOP}/Maps" not in [edit.key for edit in edits(found)]


def test_a_page_whose_people_keep_bots_out_is_only_listed() -> None:
    before = facts({"Maps": GOOD})
    [page] = before.pages
    talk = replace(seen(f"Talk:{TOP}/Maps", "{{nobots}}"), kept_out=True)
    kept = replace(before, pages=[replace(page, kept_out=True)], talks={f"{TOP}/Maps": talk})
    assert [edit.key for edit in edits(planned(kept))] == [f"intake-index:{TOP}"]


def test_in_swedish_a_field_is_named_as_the_form_has_it_and_as_people_call_it() -> None:
    page = edits(plan(facts({"Maps": BAD}), rules("sv")))[0]
    assert "* '''licence''' (Licens): media (CC BY-NC 4.0) är inte välkommet" in page.change.text
    assert "Behövs innan någon kan börja" in page.change.text


def test_the_plan_is_a_stream() -> None:
    stream = plan(facts({"Maps": GOOD}), rules())
    assert isinstance(stream, types.GeneratorType)
    assert isinstance(next(stream), Edit)


def test_every_edit_names_the_revision_it_is_made_on() -> None:
    page, report, index = edits(planned(facts({"Maps": GOOD})))
    assert (page.change.before, page.change.base_revid) == (GOOD, 1)
    assert (index.change.before, index.change.base_revid) == (TABLE, 1)
    assert (report.change.before, report.change.base_revid) == (None, None)


def test_where_a_request_is_from_and_when_it_was_answered_is_remembered() -> None:
    good = template(country="Sweden and Norway", languages="sv, tongues") + MARKS
    before = facts({"Maps": good, "Prints": BAD})
    after = with_talks(saved(before, edits(planned(before))))
    slots = after.bases[TOP]
    assert slots[f"about:{TOP}/Maps"] == {
        "answered": "2026-11-21",
        "country": ["SE", "NO"],
        "languages": ["sv"],
    }
    assert slots[f"about:{TOP}/Prints"]["answered"] == ""
    later = replace(after, now=NOW + dt.timedelta(days=9))
    text = text_of(later, "Maps").replace("| kind = media", "| kind = media\n| state = accepted")
    later = changed(later, "Maps", text)
    moved = with_talks(saved(later, edits(planned(later))))
    assert moved.bases[TOP][f"about:{TOP}/Maps"]["answered"] == "2026-11-21"


def test_what_is_remembered_of_a_request_needs_no_edit() -> None:
    before = facts({"Maps": GOOD})
    after = with_talks(saved(before, edits(planned(before))))
    told = text_of(after, "Maps").replace("country = Sweden", "country = Norway")
    found = planned(changed(after, "Maps", told))
    assert edits(found) == []
    leaves = remembered(found)
    assert leaves[f"about:{TOP}/Maps"] == {
        "answered": "2026-11-21",
        "country": ["NO"],
        "languages": [],
    }
    assert leaves[f"asked:{TOP}/Maps"] == fields(template(country="Norway"))


def test_what_an_accepted_request_says_is_remembered_without_addresses() -> None:
    wanting = template(state="accepted", volume="ask maps@library.example")
    leaves = dict(edits(planned(facts({"Maps": wanting + MARKS})))[-1].leaves)
    said = leaves[f"asked:{TOP}/Maps"]
    assert said == {name: value for name, value in fields(wanting).items() if name != "volume"}


@pytest.mark.parametrize("state", ["draft", "declined", "under-review"])
def test_of_a_request_that_nobody_accepted_the_values_are_not_remembered(state: str) -> None:
    leaves = edits(planned(facts({"Maps": template(state=state) + MARKS})))[-1].leaves
    assert f"asked:{TOP}/Maps" not in leaves


def remembered(found: list[Planned]) -> dict[str, JSON]:
    return {k: v for each in found if isinstance(each, Judged) for k, v in each.leaves.items()}


def fields(text: str) -> dict[str, str]:
    """The fields of a template that stands one parameter a line."""
    lines = (line.removeprefix("| ").split(" = ", 1) for line in text.split("\n") if " = " in line)
    return dict(lines)
