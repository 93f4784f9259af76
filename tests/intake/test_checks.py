"""The checks of each field: what is found is named, with what is allowed and what to do next."""

from __future__ import annotations

import pytest

from bots.core.dates import read_date
from bots.intake.fields import BY_NAME
from tests.intake.parts import GOOD, book, checked, template, told, wanted


def hints(text: str) -> list[str]:
    return [f"{where}: {words}" for where, words in told(checked(text))]


def test_a_good_request_leaves_nothing_to_say() -> None:
    assert told(checked(template())) == []


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("partner", "No partner is named."),
        ("contact", "Nobody is named whom volunteers can ask."),
        ("kind", "Write one or more of: data, media, text, and metadata."),
        ("source", "There is no link to the content."),
        ("licence", "There is no licence yet for: media."),
        ("targets", "one or more of: wikidata, commons, wikipedia, and wikisource."),
    ],
)
def test_a_required_field_that_is_empty_keeps_people_from_starting(field: str, words: str) -> None:
    found = wanted(checked(template(**{field: ""})))
    assert words in found[field]


def test_suggested_fields_that_are_empty_are_named_together_and_stop_nobody() -> None:
    found = checked(template(country="", volume=""))
    [(where, words)] = told(found)
    assert (where, words.partition(": ")[2]) == ("", "country and volume.")
    assert not found.blocked


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("kind", "stuff", "“stuff” is none of the values that this field takes: data, media,"),
        ("targets", "Wikivoyage", "“Wikivoyage” is none of the values"),
        ("targets", "wikidatta", "Did you mean wikidata?"),
        ("source", "in our basement", "“in our basement” is no web address"),
        ("source", "www.library.example/maps", "Did you mean https://www.library.example/maps?"),
        ("source", "https://", "is no web address"),
        ("source", "ftp://library.example/maps", "is no web address"),
        ("source", "javascript:alert(1)", "is no web address"),
        ("source", "http://localhost/", "is no web address"),
        ("source", "https://aino@intranet/maps", "is no web address"),
        ("contact", "{{subst:REVISIONUSER}}", "is no user name on this wiki"),
        ("contact", "[[]]", "is no user name on this wiki"),
        ("licence", "CC", "doesn’t say which of the Creative Commons licences"),
        ("licence", "CC BY 7.0", "names a version that this licence never had"),
        ("licence", "CC BY 4.0 except logos", "names a licence and limits it"),
        ("licence", "CC0, CC BY 4.0", "Use one field for each kind of content: licence media."),
        ("licence", "do what you like", "HubBot knows no licence “do what you like”."),
        ("licence", "all rights reserved", "welcome in no Wikimedia project"),
        ("state", "finished", "“finished” is none of the values"),
    ],
)
def test_a_value_that_nobody_can_work_with_is_named(field: str, value: str, said: str) -> None:
    found = wanted(checked(template(**{field: value})))
    assert said in found[field]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("partner item", "Q", "“Q” is no item of Wikidata."),
        ("partner item", "City Library", "a Q and digits"),
        ("identifier property", "Q42", "“Q42” is no property of Wikidata."),
        ("country", "Swedn", "Did you mean SE?"),
        ("country", "Atlantis Nova", "HubBot knows no country “Atlantis Nova”."),
        ("languages", "klingonish", "HubBot knows no language “klingonish”."),
        ("volume", "a lot", "There is no number in “a lot”."),
        ("deadline", "03/04/2027", "“03/04/2027” isn’t a day that everybody reads"),
        ("deadline", "31 February 2027", "“31 February 2027” isn’t a day"),
        ("deadline", "2016-12-31", "2016-12-31 was over already"),
        ("evidence", "they said so", "“they said so” can’t be looked up."),
        ("conflict of interest", "maybe", "“maybe” begins with neither yes nor no."),
        ("targets", "commons, wikivoyage", "“wikivoyage” is none of the values"),
    ],
)
def test_a_value_that_only_makes_work_is_a_hint(field: str, value: str, said: str) -> None:
    found = checked(template(**{field: value}))
    assert not found.blocked
    assert any(where == field and said in words for where, words in told(found))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("partner item", "[[d:Q42|our item]]"),
        ("partner item", "https://www.wikidata.org/wiki/Q42"),
        ("identifier property", "https://www.wikidata.org/wiki/Property:P42"),
        ("country", "Sverige, SE & Norway"),
        ("country", "ישראל"),
        ("languages", "sv, English and finska"),
        ("deadline", "31 mars 2027"),
        ("source", "[https://library.example/maps the maps], https://library.example/b"),
        ("source", "https://bücher.example:8080/karten?x=1#top"),
        ("evidence", "ticket:2026010110001234"),
        ("evidence", "[[m:Talk:Somewhere#Agreed]]"),
        ("contact", "[[User:Aino|Aino]] ([[User talk:Aino|talk]])"),
        ("conflict of interest", "Ja, jag arbetar där"),
        ("kind", "Bilder"),
        ("targets", "https://commons.wikimedia.org"),
    ],
)
def test_people_may_write_values_in_their_own_way(field: str, value: str) -> None:
    assert told(checked(template(**{field: value}))) == []


def test_an_e_mail_address_is_asked_to_be_taken_out_and_never_repeated() -> None:
    for address in ("maps@library.example", "maps (at) library.example"):
        for field in ("contact", "description", "source", "evidence"):
            found = checked(template(**{field: f"write to {address}"}))
            assert "There is an e-mail address in this field." in wanted(found)[field]
            assert all(address not in words for _, words in told(found))


def test_an_e_mail_address_under_a_name_that_no_field_has_is_found_as_well() -> None:
    found = checked(template(phone="maps@library.example"))
    assert "e-mail address" in wanted(found)["phone"]
    assert all("maps@" not in words for _, words in told(found))


def test_fields_are_found_under_the_names_that_people_give_them() -> None:
    text = template(partner="", licence="", targets="", source="")
    text = text.replace(
        "}}",
        "|Organisation=City Library|LICENSE=CC BY 4.0|target_projects=Commons|url=https://a.example\n}}",
    )
    assert told(checked(text)) == []


def test_a_misspelt_field_is_asked_about_once_and_its_field_not_called_missing() -> None:
    found = checked(template(licence="", lisence="CC BY 4.0"))
    assert wanted(found) == {
        "licence": "The form has no field “lisence”, so “CC BY 4.0” isn’t read. "
        "Did you mean the field licence?"
    }


def test_a_field_that_there_is_not_and_a_value_without_a_name_are_hints() -> None:
    text = template(colour="blue").replace("}}", "| and more\n}}")
    said = hints(text)
    assert any("The form has no field “colour”, so “blue” isn’t read." in each for each in said)
    assert any("“and more” on line 15 belongs to no field." in each for each in said)
    assert not checked(text).blocked


def test_a_field_given_twice_is_asked_about_only_if_it_says_two_things() -> None:
    twice = template().replace("}}", "| license = CC0\n}}")
    assert "HubBot reads “CC0”." in wanted(checked(twice))["licence"]
    same = template().replace("}}", "| license = CC BY 4.0\n}}")
    assert not checked(same).blocked
    assert "The field licence is here 2 times" in hints(same)[0]
    emptied = template().replace("}}", "| license =\n}}")
    assert not checked(emptied).blocked


def test_content_that_no_named_project_takes_is_led_to_one_that_does() -> None:
    found = wanted(checked(template(kind="media", targets="wikidata")))
    assert found["targets"] == (
        "None of the projects named here (Wikidata) takes media. It belongs in: Wikimedia Commons."
    )


def test_a_project_that_takes_nothing_of_what_is_offered_is_a_hint() -> None:
    found = checked(template(targets="commons, wikisource"))
    assert not found.blocked
    assert "Wikisource takes only: text." in hints(template(targets="commons, wikisource"))[0]


def test_a_licence_that_one_of_two_projects_refuses_says_which_and_what_it_takes() -> None:
    found = wanted(checked(template(kind="text", targets="wikipedia", licence="GFDL")))
    assert "text (GFDL) is not welcome in Wikipedia" in found["licence"]
    assert "CC BY, and CC BY-SA" in found["licence"]
    assert "it may go to: Wikisource" in found["licence"]


def test_where_the_licences_version_decides_it_is_asked_for() -> None:
    found = wanted(checked(template(kind="text", targets="wikipedia", licence="CC BY-SA")))
    assert "it depends on the version of CC BY-SA" in found["licence"]


def test_each_kinds_own_licence_field_goes_before_the_common_one() -> None:
    text = template(kind="data, media", targets="wikidata, commons", licence_data="CC0")
    found = checked(text)
    assert told(found) == []
    assert {kind: str(many[0]) for kind, many in found.rights.licences.items()} == {
        "data": "CC0",
        "media": "CC BY 4.0",
    }


def test_every_field_of_the_good_request_is_one_of_the_form() -> None:
    assert set(GOOD) <= set(BY_NAME)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2027-03-31", "2027-03-31"),
        ("2027/03/31", "2027-03-31"),
        ("31 March 2027", "2027-03-31"),
        ("March 31st, 2027", "2027-03-31"),
        ("the 1st of May 2027", "2027-05-01"),
        ("den 1 maj 2027", "2027-05-01"),
        ("3 okt. 2027", "2027-10-03"),
        ("2027-02-30", None),
        ("31/03/2027", None),
        ("next spring", None),
        ("٢٠٢٧-٠٣-٣١", None),
    ],
)
def test_a_day_is_read_only_where_one_day_can_be_meant(written: str, day: str | None) -> None:
    found = read_date(written)
    assert (found.isoformat() if found else None) == day


def test_the_book_takes_every_kind_somewhere() -> None:
    assert all(book().takers(kind) for kind in ("data", "media", "text", "metadata"))
