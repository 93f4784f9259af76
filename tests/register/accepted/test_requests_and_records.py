"""What becomes of accepted requests: records made and extended, links both ways, people's first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.core.messages import Message
from bots.core.plan import Edit, Finding
from bots.core.wikitext import find_templates
from bots.register.accepted.plan import plan
from bots.register.undone import after_undo
from tests.register.accepted.scene import ASKED, TOP, Hub, edits, keys
from tests.register.world import messages

LIBRARY = f"{TOP}/City Library"


def test_a_request_makes_a_record_and_both_link_to_one_another() -> None:
    hub = Hub()
    hub.ask("Maps")
    assert edits(hub.run()) == [LIBRARY, f"{ASKED}/Maps"]
    assert hub.says("City Library", "item") == ["Q42"]
    assert hub.says("City Library", "country") == ["SE"]
    assert hub.says("City Library", "contacts") == ["Aino"]
    assert hub.says("City Library", "content") == ["media"]
    assert hub.says("City Library", "sources") == ["https://library.example/maps"]
    assert hub.says("City Library", "licences") == ["CC BY 4.0"]
    assert hub.says("City Library", "requests") == [f"{ASKED}/Maps"]
    assert f"| record = [[{LIBRARY}]]\n}}}}" in hub.pages[f"{ASKED}/Maps"]


def test_a_new_record_shows_what_is_still_wanted() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    assert "\n| kind =" in hub.text("City Library")
    assert "\n| stage =" in hub.text("City Library")


def test_a_second_run_does_nothing_and_needs_no_page() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    assert hub.run() == []
    assert hub.facts().pages == {}


def test_the_record_is_made_first_and_the_link_waits_for_it() -> None:
    hub = Hub()
    hub.ask("Maps")
    made, linked = [each for each in hub.run() if isinstance(each, Edit)]
    assert made.kind == "create"
    assert made.change.base_revid is None
    assert linked.after == made.key
    assert "accepted" in linked.leaves
    assert "accepted" not in made.leaves


def test_two_requests_of_one_partner_are_one_record() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.ask("Songs", partner="The city library", source="https://library.example/songs")
    assert edits(hub.run()) == [LIBRARY, f"{ASKED}/Maps", f"{ASKED}/Songs"]
    assert hub.says("City Library", "requests") == [f"{ASKED}/Maps", f"{ASKED}/Songs"]
    assert hub.says("City Library", "name") == ["City Library"]


def test_a_second_request_extends_the_record_later() -> None:
    hub = Hub()
    hub.ask("Maps", languages="")
    hub.run()
    hub.ask("Songs", languages="sv, en")
    assert edits(hub.run()) == [LIBRARY, f"{ASKED}/Songs"]
    assert hub.says("City Library", "languages") == ["sv", "en"]
    assert hub.says("City Library", "requests") == [f"{ASKED}/Maps", f"{ASKED}/Songs"]


def test_a_record_that_people_wrote_is_extended_where_it_is_empty_and_nowhere_else() -> None:
    hub = Hub()
    hub.put("Stadsbiblioteket", name="Stadsbiblioteket", item="Q42", country="", contact="Bashir")
    hub.ask("Maps")
    assert edits(hub.run()) == [f"{TOP}/Stadsbiblioteket", f"{ASKED}/Maps"]
    text = hub.text("Stadsbiblioteket")
    assert "| name = Stadsbiblioteket\n| item = Q42\n| country = SE\n| contact = Bashir\n" in text
    assert text.endswith("}}\nNotes of people's.\n")


def test_without_an_item_the_same_name_is_the_same_partner() -> None:
    hub = Hub()
    hub.put("Library", name="city LIBRARY")
    hub.ask("Maps")
    hub.run()
    assert hub.says("Library", "item") == ["Q42"]
    assert LIBRARY not in hub.pages


def test_the_same_name_and_another_item_is_for_people_to_say() -> None:
    hub = Hub()
    hub.put("City Library", name="City Library", item="Q43")
    hub.ask("Maps")
    planned = hub.run()
    assert keys(planned) == ["register-request-unsure"]
    assert edits(planned) == []
    assert keys(hub.run()) == ["register-request-unsure"]
    hub.asked["Maps"] = {**hub.asked["Maps"], "record": "City Library (Lund)"}
    assert edits(hub.run())[0] == f"{TOP}/City Library (Lund)"


def test_whatever_the_title_of_the_other_ones_page_is() -> None:
    hub = Hub()
    hub.put("Library", name="City Library", item="Q43")
    hub.ask("Maps")
    planned = hub.run()
    assert keys(planned) == ["register-request-unsure"]
    assert edits(planned) == []


def test_people_say_that_it_is_the_record_after_all() -> None:
    hub = Hub()
    hub.put("City Library", name="City Library", item="Q43")
    hub.ask("Maps", record=f"[[{LIBRARY}]]")
    assert edits(hub.run()) == [LIBRARY]
    assert hub.says("City Library", "item") == ["Q43"]


def test_people_lead_a_request_to_another_record_than_the_one_that_was_made() -> None:
    hub = Hub()
    hub.put("Stadsbiblioteket", name="Stadsbiblioteket")
    hub.ask("Maps")
    hub.run()
    hub.ask("Maps", record="[[Partnerships/Partners/Stadsbiblioteket]]")
    assert edits(hub.run()) == [f"{TOP}/Stadsbiblioteket"]
    assert hub.says("Stadsbiblioteket", "requests") == [f"{ASKED}/Maps"]
    assert edits(hub.run()) == []
    assert hub.run() == []


def test_two_records_with_one_item_or_one_name_are_for_people_to_say() -> None:
    for values in ({"name": "Other", "item": "Q42"}, {"name": "City library"}):
        hub = Hub()
        hub.put("One", **values)
        hub.put("Two", **values)
        hub.ask("Maps")
        planned = hub.run()
        assert keys(planned) == ["register-request-unsure"]
        [said] = [each.message for each in planned if isinstance(each, Finding)]
        assert f"{TOP}/One" in messages().text("en", said)


def test_a_title_that_another_partner_has_is_not_taken_for_this_one() -> None:
    hub = Hub()
    hub.put("City Library", name="Stadsarkivet", item="Q43")
    hub.ask("Maps")
    assert keys(hub.run()) == ["register-request-unsure"]


def test_what_people_change_in_the_record_stays() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    hub.change("City Library", "| country = SE", "| country = Norway")
    hub.change("City Library", "| contacts = Aino\n", "")
    hub.ask("Maps", country="Denmark", contact="Chen", licence="CC0")
    hub.run()
    assert hub.says("City Library", "country") == ["NO"]
    assert hub.says("City Library", "contacts") == []
    assert hub.says("City Library", "licences") == ["CC0"]


def test_what_people_write_in_other_words_is_no_change() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    hub.change("City Library", "| country = SE", "| country = {{flag|Sweden}}")
    hub.ask("Maps", country="Norway")
    hub.run()
    assert hub.says("City Library", "country") == ["NO"]


def test_a_request_that_people_took_out_of_the_record_is_not_put_back() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    hub.change("City Library", f"[[{ASKED}/Maps]]", "")
    hub.ask("Maps", volume="three")
    hub.ask("Maps", country="Sweden, Norway")
    hub.run()
    assert hub.says("City Library", "requests") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[[{0}]]"),
        ("<!-- none yet -->", "<!-- none yet -->[[{0}]]"),
        ("[[A]], [[B]]", "[[A]], [[B]]; [[{0}]]"),
        ("A", "A; [[{0}]]"),
        ("\n* [[A]]", "\n* [[A]]\n* [[{0}]]"),
        ("[[{0}|maps]]", "[[{0}|maps]]"),
        ("partnership requests/Maps".capitalize(), "Partnership requests/maps; [[{0}]]"),
        ("[[A]] <!-- [[{0}]] --> [[B]]", "[[A]] <!-- [[{0}]] --> [[B]]"),
    ],
)
def test_the_list_of_requests_grows_in_its_own_style(before: str, after: str) -> None:
    title = f"{ASKED}/Maps"
    hub = Hub()
    hub.put("City Library", name="City Library", requests=before.format(title))
    hub.ask("Maps")
    hub.run()
    [call] = find_templates(hub.text("City Library"), ["Partner"])
    found = call.parameter("requests")
    assert found
    assert found.raw.rstrip("\n").removeprefix(" ") == after.format(title)


def test_a_record_that_people_deleted_is_not_made_again() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    del hub.pages[LIBRARY]
    assert hub.run() == []
    hub.ask("Maps", country="Norway")
    assert edits(hub.run()) == []
    assert LIBRARY not in hub.pages


def test_nor_is_it_when_the_store_was_lost() -> None:
    hub = Hub(deleted={LIBRARY})
    hub.ask("Maps")
    for _ in range(3):
        planned = hub.run()
        assert keys(planned) == ["register-request-deleted"]
        assert edits(planned) == []
    assert hub.facts().pages == {}


def test_a_page_that_is_no_record_is_not_written_over() -> None:
    hub = Hub(pages={LIBRARY: "#REDIRECT [[Library]]"})
    hub.ask("Maps")
    for _ in range(2):
        planned = hub.run()
        assert keys(planned) == ["register-request-taken"]
        assert edits(planned) == []
    assert hub.pages[LIBRARY] == "#REDIRECT [[Library]]"


def test_a_moved_record_is_found_again_and_the_link_follows() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    hub.pages[f"{TOP}/Lund"] = hub.pages.pop(LIBRARY)
    hub.change("Lund", "| country = SE", "| country = Norway")
    assert edits(hub.run()) == [f"{ASKED}/Maps"]
    assert hub.says("Lund", "country") == ["NO"]
    assert f"| record = [[{TOP}/Lund]]" in hub.pages[f"{ASKED}/Maps"]
    hub.run()
    assert hub.run() == []


def test_what_is_still_ours_in_a_moved_record_follows_the_request() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    hub.pages[f"{TOP}/Lund"] = hub.pages.pop(LIBRARY)
    hub.ask("Maps", country="Norway", record=f"[[{LIBRARY}]]")
    hub.run()
    assert hub.says("Lund", "country") == ["NO"]


def test_a_moved_record_is_found_by_its_item_though_the_store_was_lost() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    hub.pages[f"{TOP}/Lund"] = hub.pages.pop(LIBRARY)
    hub.bases.clear()
    hub.run()
    assert LIBRARY not in hub.pages


def test_a_lost_store_fills_nothing_that_people_took_out() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    hub.change("City Library", "| contacts = Aino\n", "")
    hub.change("City Library", "| country = SE", "| country = Norway")
    hub.bases.clear()
    assert edits(hub.run()) == []
    hub.ask("Maps", contact="Chen", record=f"[[{LIBRARY}]]", country="Denmark")
    assert edits(hub.run()) == []
    assert hub.says("City Library", "contacts") == []


def test_a_link_that_people_took_out_of_the_request_stays_out() -> None:
    hub = Hub()
    hub.ask("Maps")
    hub.run()
    hub.ask("Maps", country="Norway")
    assert edits(hub.run()) == [LIBRARY]
    assert "record" not in hub.pages[f"{ASKED}/Maps"]


def test_what_an_operator_undoes_is_not_done_again() -> None:
    hub = Hub()
    hub.put("City Library", name="City Library", country="")
    hub.ask("Maps")
    pages, bases = dict(hub.pages), {title: dict(slots) for title, slots in hub.bases.items()}
    hub.run()
    for title, slots in hub.bases.items():
        was = bases.get(title, {})
        hub.bases[title] = {k: after_undo(k, left, was.get(k)) for k, left in slots.items()}
    hub.pages.update(pages)
    hub.ask("Maps", country="Norway")
    assert edits(hub.run()) == []
    assert hub.text("City Library") == pages[LIBRARY]


def test_no_address_and_no_markup_comes_into_a_record() -> None:
    hub = Hub()
    hub.ask(
        "Maps",
        contact="maps@library.example",
        description="~~~~ {{subst:delete}} [[Category:A]] | stage = ended }} <ref>x</ref>",
        source="https://library.example/~~~~ https://b.example/?a=1&b={{x}}",
    )
    hub.ask("Songs", description="&#123;&#123;delete&#125;&#125; &#126;&#126;&#126;&#126;")
    hub.run()
    text = hub.text("City Library")
    assert "@" not in text
    assert "~~~" not in text
    assert "subst:" not in text
    assert "{{delete" not in text
    assert hub.says("City Library", "description") == ["{{delete}} ~~~~"]
    assert "[[Category" not in text
    assert "<ref" not in text
    assert len(find_templates(text, ["Partner"])) == 1
    assert hub.says("City Library", "stage") == []


@pytest.mark.parametrize("name", ["", "{{x}}", "###", "a@b.example"])
def test_a_partner_without_a_name_makes_no_record(name: str) -> None:
    hub = Hub()
    hub.ask("Maps", partner=name)
    planned = hub.run()
    assert keys(planned) == ["register-request-nameless"]
    assert edits(planned) == []


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("archive / library", "Archive library"),
        ("A <b>bold</b> name", "A bold name"),
        ("..", ""),
        ("R&D; lab", "R & D; lab"),
        ("100%25", "100 25"),
        ("å" * 300, "Å" + "å" * 115),
    ],
)
def test_a_name_becomes_a_title(name: str, title: str) -> None:
    hub = Hub()
    hub.ask("Maps", partner=name)
    assert edits(hub.run())[:1] == ([f"{TOP}/{title}"] if title else [])


def test_where_people_want_no_bot_nothing_is_written() -> None:
    hub = Hub(kept_out={LIBRARY})
    hub.put("City Library", name="City Library")
    before = hub.text("City Library")
    hub.ask("Maps")
    assert edits(hub.run()) == []
    assert hub.text("City Library") == before
    assert hub.run() == []


def test_a_call_that_cannot_be_told_is_told_and_left() -> None:
    hub = Hub()
    hub.put("City Library", name="City Library")
    hub.ask("Maps")
    facts = hub.facts()
    page = facts.pages[LIBRARY]
    doubled = replace(page, text=(page.text or "") * 2)
    planned = list(plan(replace(facts, pages={**facts.pages, LIBRARY: doubled})))
    assert keys(planned) == ["register-request-no-call"]
    assert edits(planned) == []


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_word_of_it_is_there(language: str) -> None:
    wanted = {
        "register-request-unsure": {"list_pages": ["A"], "page": "B"},
        "register-request-nameless": {},
        "register-request-deleted": {"page": "A"},
        "register-request-taken": {"page": "A"},
        "register-request-no-call": {"template": "Partner"},
        "register-why-request": {"list_requests": ["A", "B"]},
        "summary-register-made": {"request": "A"},
        "summary-register-extended": {"request": "A"},
        "summary-register-linked": {"request": "A"},
    }
    for key, params in wanted.items():
        assert messages().text(language, Message(key, params))  # type: ignore[arg-type]
