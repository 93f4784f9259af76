"""What speaks for and against a candidate, and what may never be certain."""

from __future__ import annotations

import pytest

from bots.core.config import SiteNumbers
from bots.core.merge.facts import UNKNOWN, Rank
from bots.core.messages import Message
from bots.core.wikibase.make import date
from bots.core.wikibase.model import (
    Coordinate,
    EntityId,
    Item,
    Monolingual,
    Snak,
    Statement,
    Text,
    Value,
)
from bots.datasets.choices.candidates import (
    CERTAIN,
    MOST_SHOWN,
    Candidate,
    Judgement,
    Roles,
    judge,
    roles,
    score,
    uncontested,
)
from bots.datasets.facts import Record, Said, StatementRule, TermRule, TermSaid
from tests.datasets.candidates.examples import (
    LIBRARY,
    LOOK,
    MUSEUM_FACTS,
    ROLES,
    item,
    judged,
    point,
    record,
    without,
)

HARBOUR = record("1", "Harbour Museum")


def keys(candidate: Candidate) -> set[str]:
    return {reason.message.key.removeprefix("candidate-") for reason in candidate.reasons}


def test_a_candidate_that_agrees_in_all_is_certain() -> None:
    found = judged(HARBOUR, item("Q1", "Harbour Museum"))
    assert found.certain == "Q1"
    [candidate] = found.candidates
    assert candidate.score > 0.99
    assert keys(candidate) == {
        "name-same",
        "website-same",
        "distance-near",
        "date-same",
        "place-same",
        "type-same",
        "country-same",
    }


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"P17": EntityId("Q38")}, "country-other"),
        ({"P625": point("51.0", "4.3")}, "distance-far"),
        ({"P571": date(1950)}, "date-other"),
        ({"P31": EntityId(LIBRARY)}, "type-other"),
    ],
)
def test_one_thing_that_contradicts_is_enough_for_people_to_decide(
    changed: dict[str, Value], reason: str
) -> None:
    found = judged(HARBOUR, item("Q1", "Harbour Museum", facts=without(**changed)))
    assert reason in keys(found.candidates[0])
    assert found.candidates[0].contradicted
    assert found.candidates[0].weight >= CERTAIN
    assert found.certain == ""


def test_a_name_alone_is_never_certain() -> None:
    assert (
        judged(record("1", "Harbour Museum", facts={}), item("Q1", "Harbour Museum")).certain == ""
    )
    facts = {"P17": MUSEUM_FACTS["P17"], "P31": MUSEUM_FACTS["P31"]}
    alike = item("Q1", "Harbour Museum", facts=facts)
    assert judged(HARBOUR, alike).certain == ""


def test_the_building_of_the_museum_is_not_the_museum() -> None:
    building = item(
        "Q1", "Harbour Museum", facts=without("P856", "P571", "P131", P31=EntityId("Q41176"))
    )
    found = judged(HARBOUR, building)
    assert "type-unlike" in keys(found.candidates[0])
    assert found.certain == ""


def test_an_item_known_so_only_by_an_alias_is_left_to_people() -> None:
    found = judged(HARBOUR, item("Q1", "City Collection", "Harbour Museum"))
    assert "alias-same" in keys(found.candidates[0])
    assert found.certain == ""


def test_two_candidates_that_are_nearly_as_good_are_never_certain() -> None:
    one, other = item("Q1", "Harbour Museum"), item("Q2", "Harbour Museum")
    found = judged(HARBOUR, one, other)
    assert [each.item for each in found.candidates] == ["Q1", "Q2"]
    assert found.certain == ""
    clearly_worse = item("Q3", "Harbour Museum", facts=without(P17=EntityId("Q38")))
    assert judged(HARBOUR, one, clearly_worse).certain == "Q1"


@pytest.mark.parametrize("identified", [True, False])
def test_an_identifier_that_agrees_is_a_strong_yes(identified: bool) -> None:
    """As one of the record's identifiers, or as a statement of it."""
    facts: dict[str, Value] = {} if identified else {"P791": Text("NL-0001")}
    ours = record(
        "1",
        "Harbour Musem",
        facts=facts,
        identifiers=(("P791", "NL-0001"),) if identified else (),
    )
    theirs = item("Q1", "Harbour Museum", facts={}, external={"P791": "NL-0001"})
    [candidate] = judged(ours, theirs).candidates
    assert "identifier-same" in keys(candidate)
    assert candidate.score > 0.9


def test_an_identifier_proves_an_item_that_is_known_so_by_an_alias_only() -> None:
    ours = record("1", "Harbour Museum", identifiers=(("P791", "NL-0001"),))
    theirs = item("Q1", "City Collection", "Harbour Museum", external={"P791": "NL-0001"})
    assert judged(ours, theirs).certain == "Q1"


def test_another_value_of_a_single_valued_identifier_is_a_strong_no() -> None:
    theirs = item("Q1", "Harbour Museum", external={"P791": "NL-0002"})
    ours = record("1", "Harbour Museum", identifiers=(("P791", "NL-0001"),))
    candidate = score(ours, theirs, ROLES)
    assert "identifier-other" in keys(candidate)
    assert candidate.weight < CERTAIN
    assert judged(ours, theirs).certain == ""
    several = record(
        "1", "Harbour Museum", facts=MUSEUM_FACTS | {"P791": Text("NL-0001")}, many=("P791",)
    )
    assert judged(several, theirs).certain == "Q1"


def test_an_identifier_is_compared_as_the_dataset_says() -> None:
    theirs = item("Q1", "Harbour Museum", external={"P213": "0000 0001 2281 955X"})
    rule = StatementRule("P213", normalisers=("no-spaces",))
    said = Said(rule, (Statement(Snak("P213", Text("000000012281955X"))),))
    ours = record("1", "Harbour Museum")
    by_rule = Record("1", terms=ours.terms, statements=(*ours.statements, said))
    assert "identifier-same" in keys(score(by_rule, theirs, ROLES))
    named = record("1", "Harbour Museum", identifiers=(("P213", "000000012281955X"),))
    assert "identifier-other" in keys(score(named, theirs, ROLES))
    told = roles(SiteNumbers(), equivalence={"P213": ("no-spaces",)})
    assert "identifier-same" in keys(score(named, theirs, told))


def test_what_people_marked_as_wrong_says_nothing() -> None:
    wrong = Statement(Snak("P17", EntityId("Q38")), rank=Rank.DEPRECATED)
    theirs = item("Q1", "Harbour Museum", facts=without("P17"))
    theirs = Item(id="Q1", labels=theirs.labels, statements={**theirs.statements, "P17": (wrong,)})
    found = judged(HARBOUR, theirs)
    assert not {"country-other", "country-same"} & keys(found.candidates[0])
    assert found.certain == "Q1"


def test_what_cannot_be_told_of_a_record_is_not_compared() -> None:
    unknown = Said(StatementRule("P571"), UNKNOWN)
    ours = record("1", "Harbour Museum", facts=without("P571"))
    ours = Record("1", terms=ours.terms, statements=(*ours.statements, unknown))
    theirs = item("Q1", "Harbour Museum", facts=without(P571=date(1700)))
    assert judged(ours, theirs).certain == "Q1"
    nameless = Record("1", terms=(TermSaid(TermRule("label"), "", UNKNOWN),))
    assert judged(nameless, theirs).candidates == ()


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        ("http://www.museum.example", "https://museum.example/", "website-same"),
        ("https://museum.example/en/", "https://museum.example", "website-same"),
        ("https://uni.example/physics", "https://uni.example", "website-host"),
        ("https://museum.example", "https://museum.example.com", "website-other"),
    ],
)
def test_a_website_is_compared_by_host_and_path(ours: str, theirs: str, reason: str) -> None:
    mine = record("1", "X", facts={"P856": Text(ours)})
    other = item("Q1", "X", facts={"P856": Text(theirs)})
    assert reason in keys(score(mine, other, ROLES))


@pytest.mark.parametrize("url", ["http://[", "", "no address", "http://", "//x]:99999999", "a:b"])
def test_a_website_that_is_none_is_no_reason(url: str) -> None:
    mine = record("1", "X", facts={"P856": Text(url)})
    other = item("Q1", "X", facts={"P856": Text(url)})
    assert not [each for each in keys(score(mine, other, ROLES)) if each.startswith("website")]


def test_places_beside_each_other_across_the_date_line_are_near() -> None:
    mine = record("1", "X", facts={"P625": point("-16.5", "179.99")})
    other = item("Q1", "X", facts={"P625": point("-16.5", "-179.99")})
    assert "distance-near" in keys(score(mine, other, ROLES))
    on_the_moon = Coordinate(
        point("0", "0").latitude,
        point("0", "0").longitude,
        None,
        "http://www.wikidata.org/entity/Q405",
    )
    other = item("Q1", "X", facts={"P625": on_the_moon})
    assert not [each for each in keys(score(mine, other, ROLES)) if each.startswith("distance")]


def test_an_official_name_is_a_name() -> None:
    named = Monolingual("Stichting Havenmuseum", "nl")
    mine = record("1", "Harbour Collection", facts=MUSEUM_FACTS | {"P1448": named})
    assert "name-same" in keys(score(mine, item("Q1", "Stichting Havenmuseum"), ROLES))


def test_properties_are_those_of_the_site() -> None:
    here = roles(SiteNumbers(properties={"P17": "P7", "P856": "P8"}))
    assert (here.country, here.website, here.type) == ("P7", "P8", "P31")
    facts: dict[str, Value] = {"P7": EntityId("Q1")}
    candidate = score(record("1", "X", facts=facts), item("Q1", "X", facts=facts), here)
    assert "country-same" in keys(candidate)


def test_people_see_the_best_few_in_their_language() -> None:
    items = [item(f"Q{number}", "Harbour Museum") for number in range(1, 20)]
    items.append(item("Q99", "Something else entirely", facts={}))
    found = judge(HARBOUR, items, ROLES)
    assert len(found.candidates) == MOST_SHOWN
    assert found.candidates[0].item == "Q1"
    swede = Item(id="Q1", labels={"en": "Harbour Museum", "sv": "Hamnmuseet"})
    assert judge(HARBOUR, [swede], ROLES, "sv").candidates[0].label == "Hamnmuseet"
    assert judge(HARBOUR, [swede], ROLES, "sv-fi").candidates[0].label == "Hamnmuseet"


def test_every_reason_can_be_said_in_every_language() -> None:
    items = [
        item("Q1", "Harbour Museum", external={"P791": "NL-2"}),
        item("Q2", "Harbor Museum", "Museum Harbour", facts=without(P571=date(1905))),
        item("Q3", "City", "HM", facts=without(P17=EntityId("Q1"), P625=point("0", "0"))),
        item("Q4", "Harbour Mus", facts=without(P31=EntityId(LIBRARY), P571=date(1))),
        item("Q5", "Harbour Museum Ltd", facts=without(P856=Text("https://x.example"))),
    ]
    ours = record("1", "Harbour Museum", "HM", identifiers=(("P791", "NL-1"),))
    said = 0
    for candidate in (score(ours, each, Roles(kinds=ROLES.kinds)) for each in items):
        for reason in candidate.reasons:
            for language in ("en", "sv"):
                assert LOOK.messages.text(language, reason.message)
                said += 1
    assert said > 50


def test_an_item_that_is_certain_for_two_records_is_certain_for_none() -> None:
    three = [
        Judgement("1", certain="Q1"),
        Judgement("2", certain="Q2"),
        Judgement("3", certain="Q1"),
    ]
    found = list(uncontested(three))
    assert [each.certain for each in found] == ["", "Q2", ""]
    assert [each.key for each in found] == ["1", "2", "3"]


def test_a_message_of_a_reason_holds_what_people_need() -> None:
    theirs = item("Q1", "Harbour Museum", facts=without(P571=date(1950)))
    [other] = [
        each.message
        for each in score(HARBOUR, theirs, ROLES).reasons
        if each.message.key == "candidate-date-other"
    ]
    assert other == Message(
        "candidate-date-other", {"property": "P571", "ours": "1904", "theirs": "1950"}
    )
