"""A record and its item: what is the same in other words, and what is told where it isn't."""

from __future__ import annotations

import pytest

from bots.core.config import SiteNumbers
from bots.core.merge.facts import Rank
from bots.core.messages import Message
from bots.core.plan import Finding, Judged
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, Type
from bots.core.wikibase.model import (
    EntityId,
    Item,
    Quantity,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)
from bots.register.comparing.judging import Found, Says, judge
from bots.register.comparing.plan import Compared, Facts, as_told, plan, remembered
from bots.register.comparing.saying import Numbers, says
from tests.register.world import NOW, kinds, messages

CODES = {"Q34": "SE", "Q20": "NO"}
LINKS = {"page": "https://wiki.example/Q42", "record": "https://hub.example/Library"}
WIKIDATA = Numbers(SiteNumbers())


def record(**values: str) -> PageRecord:
    said = {"name": "Library", "item": "Q42", **values}
    return PageRecord(
        kind="partner",
        page=1,
        title="Partnerships/Partners/Library",
        revid=1,
        edited=NOW,
        values={name: tuple(text.split(";")) for name, text in said.items() if text},
    )


def told(found: Found, **values: str) -> list[tuple[str, str]]:
    kind = kinds()["partner"]
    return [
        (where, message.key)
        for where, message in judge(record(**values), kind, found, CODES, LINKS)
    ]


def item(named: bool = True, kinds_: str = "", **values: str) -> Found:
    said = {name: tuple(text.split(";")) for name, text in values.items()}
    return Found(says=Says("Library", named, frozenset(kinds_.split()), said))


@pytest.mark.parametrize(
    ("field", "ours", "property_id", "theirs"),
    [
        ("country", "SE", "P17", "Q34"),
        ("country", "SE;NO", "P17", "Q34"),
        ("country", "SE", "P17", "Q20;Q34"),
        ("website", "https://library.example", "P856", "http://library.example/"),
        ("website", "https://www.Library.example/", "P856", "https://library.example"),
        ("media categories", "Images from the Library", "P373", "images from the library"),
    ],
)
def test_the_same_in_other_words_is_the_same(
    field: str, ours: str, property_id: str, theirs: str
) -> None:
    assert told(item(**{property_id: theirs}), **{field: ours}) == []


@pytest.mark.parametrize(
    ("field", "ours", "property_id", "theirs"),
    [
        ("country", "SE", "P17", "Q20"),
        ("website", "https://library.example/a", "P856", "https://library.example/b"),
        ("media categories", "Maps", "P373", "Songs"),
    ],
)
def test_what_differs_is_told(field: str, ours: str, property_id: str, theirs: str) -> None:
    found = told(item(**{property_id: theirs}), **{field: ours})
    assert found == [(field, "register-item-differs")]


@pytest.mark.parametrize(
    ("field", "ours", "property_id", "theirs"),
    [
        ("country", "", "P17", "Q20"),
        ("country", "SE", "P17", ""),
        ("country", "SE", "P17", "Q99999"),
        ("country", "SE", "P17", "Q20;Q99999"),
        ("media categories", "Maps", "P373", "Q7"),
    ],
)
def test_where_one_side_says_nothing_or_nobody_knows_nothing_is_told(
    field: str, ours: str, property_id: str, theirs: str
) -> None:
    found = item(**({property_id: theirs} if theirs else {}))
    assert told(found, **{field: ours}) == []


def test_an_item_that_is_called_otherwise_in_every_language_is_told() -> None:
    assert told(item(named=False)) == [("name", "register-item-name")]


@pytest.mark.parametrize(
    ("found", "key"),
    [
        (Found(target="Q43"), "register-item-merged"),
        (Found(), "register-item-gone"),
        (item(kinds_="Q43229 Q5", P17="Q20"), "register-item-person"),
        (item(named=False, kinds_="Q4167410"), "register-item-disambiguation"),
    ],
)
def test_of_the_wrong_item_only_that_is_told(found: Found, key: str) -> None:
    assert told(found, country="SE") == [("item", key)]


def statement(value: Value | None, rank: Rank = Rank.NORMAL) -> Statement:
    snak = Snak("P1", value) if value else Snak("P1", snaktype="somevalue")
    return Statement(snak, rank=rank)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([statement(Text("a"))], ("a",)),
        ([statement(EntityId("Q34")), statement(EntityId("Q20"))], ("Q34", "Q20")),
        ([statement(Text("a")), statement(Text("b"), Rank.PREFERRED)], ("b",)),
        ([statement(Text("a"), Rank.DEPRECATED)], ()),
        ([statement(None)], ()),
        ([statement(Time("+2016-03-01T00:00:00Z", 11))], ("2016-03-01",)),
        ([statement(Time("+2016-03-00T00:00:00Z", 10))], ("2016-03",)),
        ([statement(Time("+2016-00-00T00:00:00Z", 9))], ("2016",)),
        ([statement(Time("+2000-00-00T00:00:00Z", 7))], ("1901–2000",)),
        ([statement(Quantity("+12.50"))], ("12.50",)),
    ],
)
def test_of_an_item_the_best_values_count(
    statements: list[Statement], expected: tuple[str, ...]
) -> None:
    found = says(Item(statements={"P1": tuple(statements)}), "x", ["P1"], WIKIDATA, "en")
    assert found.values.get("P1", ()) == expected


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("2016-03", "2016", 0),
        ("2016", "2016-03-01", 0),
        ("2016-03", "2016-04-01", 1),
        ("2016", "2017", 1),
        ("2016", "1901–2000", 0),
        ("2016", "-0044", 0),
    ],
)
def test_dates_are_compared_as_far_as_both_are_known(ours: str, theirs: str, expected: int) -> None:
    words = {"en": "x"}
    since = FieldConfig(type=Type.DATE, label=words, about=words, compare="P571")
    kind = kinds()["partner"]
    dated = kind.model_copy(update={"fields": {**kind.fields, "since": since}})
    found = list(judge(record(since=ours), dated, item(P571=theirs), CODES, LINKS))
    assert len(found) == expected


def test_a_name_in_any_language_or_an_alias_will_do() -> None:
    one = Item(labels={"en": "Library"}, aliases={"sv": ("Stads-biblioteket",)})
    assert says(one, "library", [], WIKIDATA, "sv").named
    assert says(one, "Stads biblioteket", [], WIKIDATA, "sv").named
    assert not says(one, "Archive", [], WIKIDATA, "sv").named
    assert says(one, "x", [], WIKIDATA, "sv").label == "Library"


def test_where_a_site_has_its_own_numbers_they_stand_for_wikidatas() -> None:
    numbers = Numbers(SiteNumbers(properties={"P17": "P3"}, items={"Q34": "Q7"}))
    one = Item(statements={"P3": (statement(EntityId("Q7")),)})
    assert says(one, "x", ["P17"], numbers, "en").values == {"P17": ("Q34",)}


def test_what_was_told_is_told_again_without_reading() -> None:
    differs = Message("register-item-differs", {"item": "Q42", **LINKS, "ours": "a", "theirs": "b"})
    one = Compared(record=record(), digest="d", revid=7, told=[("country", differs)])
    facts = Facts(site="hub", top="Partnerships", compared=[one])
    finding, judged = list(plan(facts))
    assert isinstance(finding, Finding)
    assert finding.where == "country"
    assert isinstance(judged, Judged)
    left = {finding.target.title: dict(judged.leaves)}
    again = list(plan(Facts(site="hub", top="Partnerships", compared=[one], bases=left)))
    assert again == [finding]
    assert as_told(remembered(one)) == ("d", 7, [("country", differs)])


@pytest.mark.parametrize("left", [None, [], "x", ["d"], ["d", "7", []], {"a": 1}])
def test_what_is_not_understood_in_the_store_is_compared_anew(left: object) -> None:
    assert as_told(left) == ("", None, [])


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_difference_has_words_with_both_links(language: str) -> None:
    cases = [Found(target="Q43"), Found(), item(kinds_="Q5"), item(kinds_="Q4167410")]
    cases += [item(named=False), item(P17="Q20")]
    for found in cases:
        for _, message in judge(record(country="SE"), kinds()["partner"], found, CODES, LINKS):
            said = messages().text(language, message)
            assert LINKS["page"] in said
            assert LINKS["record"] in said
