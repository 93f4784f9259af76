"""What is told of duties, and reminders: one a duty and period, whatever becomes of the store."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bots.core.plan import JSON, Edit, Finding, Judged, PageText, Planned
from bots.core.register.computed import load_computed
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import Type
from bots.core.seen import Seen
from bots.register.duties.form import Duty, Known, LineFault, read_duties
from bots.register.duties.judging import Sight, State, Term, judge
from bots.register.duties.plan import Facts, Owed, computed, plan, reminders
from tests.register.world import NOW, messages

KNOWN = Known("hub", ("hub",), ("ds",))
NOT_THERE = Sight(holds=False, last=dt.date(2025, 1, 1), looked=dt.date(2026, 12, 31))
TODAY = NOW.date()
TALK = "Talk:Partnerships/Agreements/Maps"
DUE = "partner; sends {{maps}}; by 2026-11-20; page Maps"


def owed(text: str, today: dt.date = TODAY, mediators: tuple[str, ...] = ("Aino",)) -> Owed:
    record = PageRecord(
        kind="agreement",
        page=7,
        title="Partnerships/Agreements/Maps",
        revid=1,
        edited=NOW,
        values={"obligations": (text,)},
    )
    lines = list(read_duties(text, KNOWN))
    standings = [judge(d, NOT_THERE, Term(), today) for d in lines if isinstance(d, Duty)]
    return Owed(
        record=record,
        talk=TALK,
        standings=[each for each in standings if each],
        faults=[each for each in lines if isinstance(each, LineFault)],
        mediators=mediators,
        line=5,
    )


def facts(
    *all_owed: Owed,
    talk: str | None = None,
    left: Mapping[str, JSON] | None = None,
    language: str = "en",
    **about: bool | str,
) -> Facts:
    """The facts that would be read: a talk page only where a reminder may be due."""
    left = left or {}
    seen = replace(Seen(TALK, talk, None if talk is None else 1, NOW), **about)  # type: ignore[arg-type]
    due = any(reminders(each, left) for each in all_owed)
    return Facts(
        site="hub",
        language=language,
        messages=messages(),
        owed=all_owed,
        talks={TALK: seen} if due else {},
        bases={TALK: left} if left else {},
    )


def posts(planned: list[Planned]) -> list[str]:
    """The whole texts that are posted."""
    changes = [each.change for each in planned if isinstance(each, Edit)]
    return [change.text for change in changes if isinstance(change, PageText)]


def keys(planned: list[Planned]) -> list[str]:
    return [each.message.key for each in planned if isinstance(each, Finding)]


def leaves(planned: list[Planned]) -> dict[str, JSON]:
    done = [each for each in planned if isinstance(each, Edit | Judged)]
    return {slot: value for each in done for slot, value in each.leaves.items()}


def test_what_is_due_is_told_and_people_are_reminded() -> None:
    planned = list(plan(facts(owed(DUE))))
    assert keys(planned) == ["register-duty-overdue"]
    [edit] = [each for each in planned if isinstance(each, Edit)]
    assert isinstance(edit.change, PageText)
    assert edit.change.announce
    text = edit.change.text
    assert text.startswith("== A reminder ==\n[[:User:Aino|Aino]], this agreement")
    assert "\n* partner: sends &#123;&#123;maps&#125;&#125; – was due by 2026-11-20" in text
    assert len(re.findall("~~~~", text)) == 1
    assert re.search(r"<!-- hubbot:report duty [0-9a-f]{16} 2026-11-20 -->\n$", text)


def test_in_the_wikis_language() -> None:
    [text] = posts(list(plan(facts(owed(DUE), language="sv"))))
    assert text.startswith("== En påminnelse ==\n[[:User:Aino|Aino]], i det här avtalet")


def test_a_second_run_posts_nothing_and_tells_the_same() -> None:
    first = list(plan(facts(owed(DUE))))
    again = list(plan(facts(owed(DUE), left=leaves(first))))
    assert again == [each for each in first if isinstance(each, Finding)]


def test_a_lost_store_posts_nothing_twice_and_remembers_again() -> None:
    first = list(plan(facts(owed(DUE))))
    again = list(plan(facts(owed(DUE), talk=posts(first)[0])))
    assert posts(again) == []
    assert leaves(again) == leaves(first)


def test_each_period_has_its_own_reminder() -> None:
    monthly = "partner; sends maps; each month"
    november = list(plan(facts(owed(monthly, dt.date(2026, 11, 25)))))
    [text] = posts(november)
    december = owed(monthly, dt.date(2026, 12, 28))
    later = list(plan(facts(december, talk=text, left=leaves(november))))
    [both] = posts(later)
    assert both.startswith(text)
    assert both.count("== A reminder ==") == 2
    assert leaves(later) != leaves(november)
    assert leaves(later).keys() == leaves(november).keys()


def test_several_duties_of_one_agreement_are_one_post() -> None:
    [text] = posts(list(plan(facts(owed(f"{DUE}\nwe; report; by 2026-12-01")))))
    assert text.count("\n* ") == 2
    assert text.count("hubbot:report duty") == 2


def test_a_new_duty_beside_one_that_was_told_is_posted_alone() -> None:
    [first] = posts(list(plan(facts(owed(DUE)))))
    [text] = posts(list(plan(facts(owed(f"{DUE}\nwe; report; by 2026-12-01"), talk=first))))
    assert text.removeprefix(first).count("\n* ") == 1


def test_where_people_want_no_messages_none_is_posted_and_none_is_looked_for_again() -> None:
    planned = list(plan(facts(owed(DUE), talk="{{nobots}}", kept_out=True)))
    assert posts(planned) == []
    assert reminders(owed(DUE), leaves(planned)) == []


@pytest.mark.parametrize("about", [{"fault": "its text is hidden"}, {"skip": True}])
def test_a_talk_page_that_cannot_be_written_to_is_told(about: dict[str, bool | str]) -> None:
    planned = list(plan(facts(owed(DUE), talk="x", **about)))
    assert keys(planned) == ["register-duty-overdue", "intake-page-unreadable"]
    assert leaves(planned) == {}


@pytest.mark.parametrize(
    ("line", "key", "reminded"),
    [
        ("we; it; by 2026-12-01", "register-duty-soon", True),
        ("we; it; by 2026-11-01; page A", "register-duty-overdue", True),
        ("we; it; by 2026-11-01", "register-duty-unknown", False),
        ("we; it; from 2026-11; template A", "register-duty-not-so", True),
        ("we; it; from 2026-11", None, False),
        ("we; it; by 2027-11", None, False),
        ("we; it; by 2026; done 2026", None, False),
        ("we; it; sometimes", "register-duty-when", False),
    ],
)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_what_is_told_and_of_what_people_are_reminded(
    line: str, key: str | None, reminded: bool, language: str
) -> None:
    planned = list(plan(facts(owed(line), language=language)))
    assert keys(planned) == ([key] if key else [])
    assert bool(posts(planned)) is reminded
    for each in planned:
        if isinstance(each, Finding):
            assert messages().text(language, each.message)
            assert each.where == "obligations"


def test_a_line_that_cannot_be_understood_is_told_with_the_line_of_the_page() -> None:
    [told] = plan(facts(owed("we; it; by 2026; done 2026\nnonsense")))
    assert isinstance(told, Finding)
    assert told.message.params["line"] == "6"


def test_hostile_words_do_nothing_on_the_talk_page() -> None:
    line = "[[User:Bashir]] ~~~~; <script>{{subst:x}}</script> --> == h ==; by 2026-11-01; page A"
    [text] = posts(list(plan(facts(owed(line, mediators=("A|b]]{{x}}", "Aino"))))))
    assert text.count("~~~~") == 1
    assert "{{" not in text
    assert "<script" not in text
    assert "[[User:Bashir" not in text
    assert text.count("-->") == 1


def test_lists_show_what_is_due_next_and_the_worst_state() -> None:
    many = owed("a; b; by 2027-03; page A\na; c; by 2026-12-01\na; d; by 2026; done 2026")
    assert computed(facts(many)) == {7: {"standing": ("due-soon",), "next due": ("2026-12-01",)}}
    assert computed(facts(owed("a; b; by 2026; done 2026"))) == {7: {"standing": ("met",)}}
    assert computed(facts(owed("nonsense"))) == {}


def test_the_computed_fields_are_those_of_the_configuration() -> None:
    fields = load_computed()["agreement"].fields
    assert fields["next due"].type is Type.DATE
    assert set(fields["standing"].choices) == {state.value for state in State}
