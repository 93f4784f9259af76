"""Whatever people do to the items: two records never get one item, one record never two."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from bots.core.merge.facts import Rank
from bots.core.wikibase.model import Entity, Item, Missing, Redirect, Snak, Statement, Text
from bots.datasets.matching.judging import (
    Create,
    LookAgain,
    Matched,
    MatchRule,
    Moved,
    Question,
    Unmatched,
    creation,
    held,
    judge,
    to_read,
)

RULE = MatchRule("P791", ("no-spaces",))
ITEMS = [f"Q{number}" for number in range(1, 6)]
IDENTIFIERS = ["x", " x", "y", "z"]

Said = list[tuple[str, bool]]
"""The identifiers on an item: value, and whether it is deprecated."""


@dataclass
class World:
    """The wiki, as it is: item → what stands on it, into what it was merged, or None: deleted."""

    items: dict[str, Said | str | None] = field(default_factory=dict)

    def read(self, item: str) -> Entity | Redirect | Missing:
        match self.items.get(item):
            case None:
                return Missing(item)
            case str() as target:
                return Redirect(item, target)
            case said:
                statements = [
                    Statement(
                        Snak("P791", Text(value)),
                        rank=Rank.DEPRECATED if deprecated else Rank.NORMAL,
                    )
                    for value, deprecated in said
                ]
                return Item(id=item, statements={"P791": tuple(statements)})

    def on(self, item: str) -> set[str]:
        """The identifiers that people let stand on an item, spelled in one way."""
        said = self.items.get(item)
        assert isinstance(said, list)
        return {value.strip() for value, deprecated in said if not deprecated}

    def having(self, identifier: str) -> tuple[str, ...]:
        """The items on which it stands, deprecated or not: what a live look-up finds."""
        return tuple(
            item
            for item, said in self.items.items()
            if isinstance(said, list)
            if identifier.strip() in {value.strip() for value, _ in said}
        )

    def make(self, identifier: str) -> str:
        item = f"Q{100 + len(self.items)}"
        self.items[item] = [(identifier, False)]
        return item


_SAID = st.lists(st.tuples(st.sampled_from(IDENTIFIERS), st.booleans()), max_size=3)
WORLDS = st.fixed_dictionaries(
    dict.fromkeys(ITEMS, st.one_of(_SAID, _SAID, st.none(), st.sampled_from(ITEMS)))
).map(lambda items: World(dict(items)))


@st.composite
def batches(draw: st.DrawFn) -> list[list[Question]]:
    """A run's records in batches, with what a map and a stale index may say of them."""
    count = draw(st.integers(1, 6))
    mapped = draw(st.permutations([*ITEMS, *[""] * 6]))
    asked = [
        Question(
            key=f"r{number}",
            identifier=draw(st.sampled_from([*IDENTIFIERS, ""])),
            known=mapped[number],
            chosen=draw(st.booleans()),
            hits=tuple(draw(st.lists(st.sampled_from(ITEMS), max_size=3, unique=True))),
            hint=draw(st.sampled_from(["", "", "Q1", "Q3", "L1"])),
        )
        for number in range(count)
    ]
    size = draw(st.integers(1, 6))
    return [asked[start : start + size] for start in range(0, count, size)]


def run(world: World, asked: list[list[Question]]) -> tuple[dict[str, str], dict[str, str]]:
    """A whole run as read.py and plan.py do it: record → its item, and record → what was made."""
    matched: dict[str, str] = {}
    made: dict[str, str] = {}
    holders = {each.known: each.key for batch in asked for each in batch if each.known}
    for batch in asked:
        again: list[Question] = []
        for questions in (batch, again):
            read: dict[str, Entity | Redirect | Missing] = {}
            while wanted := to_read(questions, read):
                read |= {each: world.read(each) for each in wanted}
            verdicts = judge(questions, read, RULE, holders)
            for each in questions:
                verdict = verdicts[each.key]
                holders |= dict.fromkeys(held(each, verdict, RULE), each.key)
                absent = world.having(each.identifier) if each.identifier else ("Q1",)
                match creation(verdict, True, absent or None):
                    case Matched(item=item) | Moved(item=item):
                        matched[each.key] = item
                    case Create():
                        made[each.key] = world.make(each.identifier)
                    case LookAgain(items=items) if questions is batch and each.identifier:
                        again.append(Question(key=each.key, identifier=each.identifier, hits=items))
                    case LookAgain():
                        assert verdict == Unmatched()
    return matched, made


@given(WORLDS, batches())
def test_two_records_never_get_one_item_and_one_record_never_two(
    world: World, asked: list[list[Question]]
) -> None:
    before = {item: world.on(item) for item, said in world.items.items() if isinstance(said, list)}
    matched, made = run(world, asked)
    of = {each.key: each for batch in asked for each in batch}
    assert len(set(matched.values())) == len(matched)
    assert not matched.keys() & made.keys()
    written = [of[key].identifier.strip() for key in (*matched, *made) if of[key].identifier]
    assert len(set(written)) == len(written), "two records wrote one identifier"
    for key, item in matched.items():
        question = of[key]
        awaited = question.chosen and question.known == item and not before[item]
        assert (
            awaited
            or before[item] == {question.identifier.strip()}
            or (question.chosen and not question.identifier)
        )
        carrying = {each for each, said in before.items() if question.identifier.strip() in said}
        others = {each for each in question.hits if each in carrying} - {item}
        assert not others, "another item carries the identifier too"
    for key in made:
        assert of[key].identifier
        assert not any(of[key].identifier.strip() in said for said in before.values())
        assert of[key].known == ""


@given(WORLDS, batches())
def test_what_has_been_matched_stays_so_in_the_next_run(
    world: World, asked: list[list[Question]]
) -> None:
    matched, _ = run(world, asked)
    flat = [each for batch in asked for each in batch]
    known = [
        Question(key=each.key, identifier=each.identifier, known=matched[each.key])
        for each in flat
        if each.key in matched and each.identifier and not each.chosen
    ]
    again, made = run(world, [known])
    assert again == {each.key: matched[each.key] for each in known}
    assert not made
