"""Licences: read as people write them, and judged as each project's own page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.core.config import ConfigError, load_yaml
from bots.core.licences import KINDS, Kind, Licence, LicenceBook, Unclear
from bots.intake.bot import LICENCES
from bots.intake.rights import read_licences
from tests.intake.parts import book, messages


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CC0", "CC0"),
        ("cc0 1.0", "CC0"),
        ("CC-0", "CC0"),
        ("Creative Commons Zero", "CC0"),
        ("Creative Commons CC0 License", "CC0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "public domain"),
        ("public domain", "public domain"),
        ("Public domain (work of the US government)", "public domain"),
        ("PD", "public domain"),
        ("PD-old-100", "public domain"),
        ("CC-BY 4", "CC BY 4.0"),
        ("ccby4.0", "CC BY 4.0"),
        ("CC BY", "CC BY"),
        ("Creative Commons Attribution 4.0 International (CC BY 4.0)", "CC BY 4.0"),
        ("Creative Commons Attribution, Share Alike 4.0", "CC BY-SA 4.0"),
        ("https://creativecommons.org/licenses/by-sa/3.0/igo/", "CC BY-SA 3.0 IGO"),
        ("CC BY-SA 3.0 IGO", "CC BY-SA 3.0 IGO"),
        ("cc by sa 2.0 se", "CC BY-SA 2.0"),
        ("BY-SA 4.0", "CC BY-SA 4.0"),
        ("CCBYSA4.0", "CC BY-SA 4.0"),
        ("CC BY-NC-SA 3.0 IGO", "CC BY-NC-SA 3.0 IGO"),
        ("Attribution-NonCommercial-ShareAlike 3.0 IGO (CC)", "CC BY-NC-SA 3.0 IGO"),
        ("CC BY-ND 4.0", "CC BY-ND 4.0"),
        ("GFDL", "GFDL"),
        ("Open Government Licence v3.0", "Open Government Licence"),
        ("ODbL 1.0", "ODbL"),
        ("photos by the museum, all rights reserved", "all rights reserved"),
        ("© the archive", "all rights reserved"),
        ("for non-commercial use", "for non-commercial use only"),
    ],
)
def test_a_licence_is_read_as_people_write_it(written: str, meant: str) -> None:
    assert str(book().read(written)) == meant


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "none"),
        ("?", "none"),
        ("not sure", "none"),
        ("n/a", "none"),
        ("okänd", "none"),
        ("CC", "which-cc"),
        ("Creative Commons", "which-cc"),
        ("CC BY 5.0", "version"),
        ("CC BY 4.0 but not the logos", "doubt"),
        ("not public domain", "doubt"),
        ("no known copyright", "doubt"),
        ("free to use", "unknown"),
        ("رخصة حرة", "unknown"),
    ],
)
def test_words_from_which_no_licence_follows_say_why(written: str, why: str) -> None:
    assert book().read(written) == Unclear(why)


@pytest.mark.parametrize(
    ("written", "kinds", "meant"),
    [
        ("CC0 data, CC BY photographs", KINDS, {"data": ["CC0"], "media": ["CC BY"]}),
        ("data: CC0; photos: CC BY 4.0", KINDS, {"data": ["CC0"], "media": ["CC BY 4.0"]}),
        (
            "The data is CC0 and the photographs are CC BY-SA 4.0",
            KINDS,
            {"data": ["CC0"], "media": ["CC BY-SA 4.0"]},
        ),
        ("CC0 data and metadata", KINDS, {"data": ["CC0"], "metadata": ["CC0"]}),
        ("CC BY 4.0, photos CC0", KINDS, {None: ["CC BY 4.0"], "media": ["CC0"]}),
        ("GFDL or CC BY-SA 3.0", KINDS, {None: ["GFDL", "CC BY-SA 3.0"]}),
        ("Open Data Commons Attribution", KINDS, {None: ["ODC-By"]}),
        ("CC BY 4.0 (see the licence file)", ["data"], {None: ["CC BY 4.0"]}),
        ("Public domain, they died 100 years ago", ["media"], {None: ["public domain"]}),
    ],
)
def test_licences_of_several_kinds_in_one_line_are_told_apart(
    written: str, kinds: list[Kind], meant: dict[str | None, list[str]]
) -> None:
    found, unclear = read_licences(written, kinds, book())
    assert unclear is None
    assert {kind: [str(each) for each in many] for kind, many in found.items()} == meant


def test_two_licences_and_not_which_is_for_what_is_asked_about() -> None:
    assert read_licences("CC0, CC BY 4.0", KINDS, book())[1] == Unclear("parts")
    assert read_licences("CC BY 4.0, non-commercial only", KINDS, book())[1] == Unclear("parts")


def test_a_photograph_beside_a_licence_for_data_does_not_get_that_licence() -> None:
    found, unclear = read_licences("CC0 data, photographs", ["data", "media"], book())
    assert unclear == Unclear("unknown")
    assert "media" not in found


@pytest.mark.parametrize(
    ("licence", "target", "kind", "verdict"),
    [
        ("CC0", "wikidata", "data", "welcome"),
        ("public domain", "wikidata", "data", "welcome"),
        ("CC BY 4.0", "wikidata", "data", "evidence"),
        ("CC BY 4.0", "wikidata", "metadata", "evidence"),
        ("CC BY-SA 4.0", "wikidata", "data", "not-welcome"),
        ("ODbL", "wikidata", "data", "not-welcome"),
        ("CC BY-NC 4.0", "wikidata", "data", "not-welcome"),
        ("CC0", "commons", "media", "welcome"),
        ("public domain", "commons", "media", "welcome"),
        ("CC BY 2.5", "commons", "media", "welcome"),
        ("CC BY-SA 1.0", "commons", "media", "welcome"),
        ("GFDL", "commons", "media", "welcome"),
        ("CC BY-NC-SA 4.0", "commons", "media", "not-welcome"),
        ("CC BY-ND 4.0", "commons", "media", "not-welcome"),
        ("all rights reserved", "commons", "media", "not-welcome"),
        ("CC BY 4.0", "commons", "metadata", "welcome"),
        ("CC0", "wikipedia", "text", "welcome"),
        ("public domain", "wikipedia", "text", "welcome"),
        ("CC BY 1.0", "wikipedia", "text", "welcome"),
        ("CC BY 4.0", "wikipedia", "text", "welcome"),
        ("CC BY-SA 1.0", "wikipedia", "text", "not-welcome"),
        ("CC BY-SA 2.0", "wikipedia", "text", "welcome"),
        ("CC BY-SA 3.0 IGO", "wikipedia", "text", "welcome"),
        ("CC BY-SA 4.0", "wikipedia", "text", "welcome"),
        ("CC BY-NC-SA 3.0 IGO", "wikipedia", "text", "not-welcome"),
        ("CC BY-NC-SA 3.0 IGO", "wikisource", "text", "not-welcome"),
        ("CC BY-NC-SA 3.0 IGO", "commons", "media", "not-welcome"),
        ("CC BY-NC-SA 3.0 IGO", "wikidata", "data", "not-welcome"),
        ("CC BY-ND 4.0", "wikipedia", "text", "not-welcome"),
        ("GFDL", "wikipedia", "text", "not-welcome"),
        ("CC BY-SA 3.0", "wikisource", "text", "welcome"),
    ],
)
def test_the_verdict_is_the_projects_own(
    licence: str, target: str, kind: Kind, verdict: str
) -> None:
    read = book().read(licence)
    assert isinstance(read, Licence)
    judged = book().judge([read], target, kind)
    assert judged != "version"
    assert judged.verdict == verdict
    assert judged.source.startswith("https://")


def test_where_the_version_decides_and_none_is_given_no_verdict_is_guessed() -> None:
    licence = Licence("cc-by-sa", "CC BY-SA")
    assert book().judge([licence], "wikipedia", "text") == "version"
    assert book().judge([licence], "commons", "media") != "version"


def test_of_several_licences_to_choose_from_the_welcome_one_counts() -> None:
    both = [Licence("gfdl", "GFDL"), Licence("cc-by-sa", "CC BY-SA", "3.0")]
    judged = book().judge(both, "wikipedia", "text")
    assert judged != "version"
    assert (judged.verdict, judged.licence) == ("welcome", both[1])


def test_every_reason_has_words_in_every_language() -> None:
    for rule in book().rules:
        for language in messages().languages:
            assert rule.reason in messages()._translations[language]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "licences: [cc0, pddl]\n    verdict",
            "licences: [pddl]\n    verdict",
            "no rule decides 'cc0'",
        ),
        (
            "licences: [cc0, pddl]\n    verdict",
            "licences: [cc0, cc0]\n    verdict",
            "decided twice",
        ),
        ("licences: [odc", "licences: [cc-zero, odc", "names 'cc-zero'"),
        ("source: commons-pd-art", "source: nowhere", "names the source 'nowhere'"),
        ("verdict: evidence", "verdict: perhaps", "verdict"),
    ],
)
def test_a_fault_in_the_file_is_told_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = LICENCES.read_text()
    assert old in text
    path = tmp_path / "licences.yaml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigError) as raised:
        load_yaml(path, LicenceBook)
    assert said in str(raised.value)
    assert str(raised.value).startswith(f"{path}:")
