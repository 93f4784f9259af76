"""Eight real cases, as people write who have never seen the form: verdicts and words."""

from __future__ import annotations

from bots.intake.checks import Checked
from bots.intake.plan import judged
from bots.intake.review import Review
from bots.intake.words import region_body
from sandbox import seed
from tests.intake.parts import TOP, facts, rules, wanted

WIKIDATA = "https://www.wikidata.org/wiki/Wikidata:Licensing"
COMMONS = "https://commons.wikimedia.org/wiki/Commons:Licensing"
WIKIPEDIA = "https://en.wikipedia.org/wiki/Help:Adding_open-license_text_to_Wikipedia"


def case(name: str) -> tuple[Review, Checked, str]:
    """The request's review, what was checked, and what HubBot writes on its page."""
    text = next(page.text for page in seed.requests() if page.title == f"{TOP}/{name}")
    before = facts({name: text})
    found = judged(before.pages[0], before, rules())
    assert found is not None
    return found, found.checked, region_body(rules().words, found)


def lines(found: Checked) -> list[tuple[str, str, str, str]]:
    return [
        (line.target, line.kind, str(line.judgement.licence), line.judgement.verdict)
        for line in found.rights.lines
    ]


def test_ror_is_cc0_and_welcome_in_wikidata() -> None:
    review, found, words = case("ROR")
    assert lines(found) == [("Wikidata", "data", "CC0", "welcome")]
    assert review.state == "triaged"
    assert wanted(found) == {}
    assert "Wikidata, data (CC0): welcome. Wikidata publishes everything under CC0" in words
    assert f"[{WIKIDATA} The project’s rule]" in words


def test_ncbi_gene_is_in_the_public_domain_and_welcome_in_wikidata() -> None:
    review, found, words = case("NCBI Gene")
    assert lines(found) == [("Wikidata", "data", "public domain", "welcome")]
    assert review.state == "triaged"
    assert "What is in the public domain may be published under CC0" in words


def test_uniprot_is_cc_by_and_needs_evidence_of_a_waiver_or_consensus_for_wikidata() -> None:
    review, found, words = case("UniProt")
    assert lines(found) == [("Wikidata", "data", "CC BY 4.0", "evidence")]
    assert review.state == "needs-info"
    assert list(wanted(found)) == ["evidence"]
    assert "data (CC BY 4.0)" in wanted(found)["evidence"]
    assert "the owner waives" in wanted(found)["evidence"]
    assert "the community there has agreed" in wanted(found)["evidence"]
    assert "can’t make those who re-use it name the source" in words


def test_uniprot_with_evidence_goes_on_to_a_person_and_is_not_called_welcome_outright() -> None:
    text = next(page.text for page in seed.requests() if page.title.endswith("UniProt"))
    shown = "|evidence = [[d:Wikidata:Project chat|consensus]]\n|project"
    before = facts({"UniProt": text.replace("| project", shown)})
    found = judged(before.pages[0], before, rules())
    assert found is not None
    assert found.state == "triaged"
    words = region_body(rules().words, found)
    assert "welcome if a volunteer finds that the evidence given shows" in words


def test_the_heritage_registers_data_and_photographs_are_judged_each_by_its_licence() -> None:
    review, found, words = case("National heritage register")
    assert lines(found) == [
        ("Wikidata", "data", "CC0", "welcome"),
        ("Wikimedia Commons", "media", "CC BY", "welcome"),
    ]
    assert review.state == "triaged"
    assert wanted(found) == {}
    assert f"[{COMMONS} The project’s rule]" in words


def test_the_museums_scans_of_old_paintings_are_welcome_in_commons() -> None:
    review, found, words = case("Paintings of the city museum")
    assert lines(found) == [("Wikimedia Commons", "media", "public domain", "welcome")]
    assert review.state == "triaged"
    assert "a faithful scan or photograph of an old flat work" in words
    assert "when that person died" in words


def test_unesco_texts_under_the_igo_port_of_cc_by_sa_are_welcome_in_wikipedia() -> None:
    review, found, words = case("UNESCO texts")
    assert lines(found) == [("Wikipedia", "text", "CC BY-SA 3.0 IGO", "welcome")]
    assert review.state == "triaged"
    assert "if the article names author, source and licence" in words
    assert f"[{WIKIPEDIA} The project’s rule]" in words


def test_who_texts_are_welcome_nowhere() -> None:
    review, found, words = case("WHO texts")
    assert lines(found) == [
        ("Wikipedia", "text", "CC BY-NC-SA 3.0 IGO", "not-welcome"),
        ("Wikisource", "text", "CC BY-NC-SA 3.0 IGO", "not-welcome"),
    ]
    assert review.state == "needs-info"
    assert "text (CC BY-NC-SA 3.0 IGO) is welcome in no Wikimedia project" in words
    assert "this forbids commercial use" in words
    assert "CC0, public domain, PDDL, CC BY, and CC BY-SA" in wanted(found)["licence"]


def test_the_city_archive_has_no_licence_and_is_told_whom_to_ask_for_what() -> None:
    review, found, words = case("City archive")
    assert lines(found) == []
    assert review.state == "needs-info"
    assert "There is no licence yet for: media and metadata." in wanted(found)["licence"]
    assert "Ask the partner who owns the rights" in wanted(found)["licence"]
    assert "Did you mean https://archive.example/photos?" in wanted(found)["source"]
    assert "03/04/2027" in words
