"""How alike names are: what may be seen through, and what may not."""

from __future__ import annotations

import pytest

from bots.datasets.choices.names import Likeness, best, fold, shortened


@pytest.mark.parametrize(
    ("ours", "theirs", "likeness"),
    [
        ("Universität Zürich", "universitat zurich", Likeness.SAME),
        ("St. Peter’s Hospital", "St Peter's hospital", Likeness.SAME),
        ("Łódź & Ørsted", "Lodz and Orsted", Likeness.SAME),
        ("Saint Mary's", "St. Marys", Likeness.SAME),
        ("U.S. Geological Survey", "US Geological Survey", Likeness.SAME),
        ("Science Centre", "Science Center", Likeness.SAME),
        ("Μουσείο Ακρόπολης", "ΜΟΥΣΕΙΟ ΑΚΡΟΠΟΛΗΣ", Likeness.SAME),
        ("Example Industries GmbH", "Example Industries", Likeness.FORM),
        ("Example S.A.", "Example Ltd.", Likeness.FORM),
        ("Example (Japan)", "Example", Likeness.FORM),
        ("The Museum of Warsaw", "Museum Warsaw", Likeness.FORM),
        ("University of Washington", "Washington University", Likeness.ORDER),
        ("Oxford, University of", "University of Oxford", Likeness.ORDER),
        ("Natonal Library of Wales", "National Library of Wales", Likeness.NEAR),
        ("Bio Bank Finland", "Biobank Finland", Likeness.FORM),
        ("MIT", "Massachusetts Institute of Technology", Likeness.ACRONYM),
        ("Landesamt für Umwelt", "LfU", Likeness.ACRONYM),
        ("UMR 7218", "UMR7218", Likeness.ACRONYM),
        ("Nationl Musem Swedan Hall", "National Museum Sweden Hall", Likeness.ALIKE),
        ("University of Oxford", "Oxford University Press", Likeness.ALIKE),
        ("Hospital No. 3 Kazan", "Hospital No. 4 Kazan", Likeness.ALIKE),
        ("Hospital II", "Hospital III", Likeness.ALIKE),
        ("North Harbour Institute", "South Harbour Institute", Likeness.ALIKE),
        ("北京大学", "南京大学", Likeness.ALIKE),
        ("Город", "Town", Likeness.OTHER),
        ("", "Town", Likeness.OTHER),
        ("!!!", "???", Likeness.OTHER),
    ],
)
def test_two_names_are_as_alike_as_this(ours: str, theirs: str, likeness: Likeness) -> None:
    assert best([ours], [theirs]).likeness is likeness
    assert best([theirs], [ours]).likeness is likeness


def test_the_best_of_all_names_in_all_languages_counts() -> None:
    found = best(
        ["Nationalmuseet", "Musée national", "NM"],
        ["National Museum", "国立博物館", "Musee National", "Nationalmuseet"],
    )
    assert found.likeness is Likeness.SAME
    assert found.agreeing == 2


def test_an_acronym_that_both_have_is_no_full_name() -> None:
    found = best(["Institute of Physics", "IOP"], ["Institute of Philosophy", "IOP"])
    assert found.likeness is Likeness.ACRONYM
    assert found.agreeing == 0


def test_vowel_signs_of_scripts_that_write_them_as_marks_are_kept() -> None:
    assert fold("कमल").text != fold("कोमल").text
    assert fold("มหาวิทยาลัย").text
    assert best(["कमल विद्यालय"], ["कोमल विद्यालय"]).likeness < Likeness.NEAR


def test_a_name_of_nothing_but_a_legal_form_or_small_words_is_still_a_name() -> None:
    for name in ("AG", "The The", "(Japan)", "Co."):
        assert fold(name).bag, name


def test_a_huge_name_costs_no_more_than_a_long_one() -> None:
    huge = "Museum " * 100_000
    assert len(fold(huge).text) <= 300
    assert best([huge], ["Museum"]).likeness < Likeness.FORM


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("The Example Company (Japan)", "Example"),
        ("Example, Inc.", "Example"),
        ("Example S.A.", "Example"),
        ("University of Oxford", "University of Oxford"),
        ("(Japan)", "(Japan)"),
        ("Ltd", "Ltd"),
    ],
)
def test_a_name_is_shortened_to_what_a_search_finds(name: str, short: str) -> None:
    assert shortened(name) == short
