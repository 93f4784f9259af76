"""A store that was lost and is filled again from the wikis: people still have the last word."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.core.config import HubConfig, RegisterConfig
from bots.core.outcome import utcnow
from bots.core.plan import Edit, PageText, Target
from bots.core.register.values import reader
from bots.core.store import opened
from bots.register.lists.calls import names_of
from bots.register.lists.facts import ListFault
from bots.register.lists.merging import merge_list
from bots.register.lists.replaying import replay
from bots.register.rebuilding.rebuilt import conditions
from bots.register.rebuilding.retelling import OurEdit, Retelling, Words
from sandbox.mediawiki import Sandbox
from tests.register.accepted.scene import ASKED, TOP, Hub, edits
from tests.register.scene import Scene, cells, scene
from tests.register.test_lists import asking, filled, records, row_of
from tests.register.test_lists_property import KEYS, Life
from tests.register.world import kinds, world

NAMES = names_of(RegisterConfig(), ["mall"])
DROPPED = (855, 1946)
"""Lives in which people took out a whole section, and later came where it matters."""

_NUMBERS = itertools.count(1)


class Retold(Life):
    """A list's life, of which only what our edits changed is known in the end."""

    retold = None

    def run(self, *, last: bool = False) -> None:
        before = self.text
        super().run(last=last)
        if self.text != before:
            self.retold = replay(before, self.text, self.retold)


def test_a_list_goes_on_from_what_our_edits_tell_as_it_does_from_what_was_remembered() -> None:
    compared = 0
    for seed in (*range(100), *DROPPED):
        life = Retold(seed)
        life.live()
        if "lost" in life.acts or "reverts" in life.acts:
            continue
        for _ in range(2):
            _, life.text = life.people.edit(life.text, KEYS)
        for _ in range(3):
            life.register.changes()
        grid = life.register.grid()
        known, retold = (merge_list(life.text, base, grid) for base in (life.base, life.retold))
        if not isinstance(known, ListFault):
            compared += 1
            assert not isinstance(retold, ListFault), life.story(f"life {seed}")
            assert (retold.text, retold.told) == (known.text, known.told), life.story(f"{seed}")
    assert compared > 60


@pytest.mark.parametrize("group", ["", "|group=country"])
@pytest.mark.parametrize("gone", [False, True])
def test_a_divided_list_is_known_again_with_its_parts(group: str, gone: bool) -> None:
    countries = ("SE", "NO", "FI")
    found = records(
        *({"name": [f"Museum {at:02}"], "country": [countries[at % 3]]} for at in range(60))
    )
    text = asking(f"of=partner|columns=name, country{group}")
    whole = filled(text, found)
    by_hand = whole.text.replace("| Norge\n", "| Norge (norr)\n", 1)
    by_hand = by_hand.replace(row_of(by_hand, "5"), "")
    divided = filled(by_hand, found, most=5_000, before=whole)
    told = retelling()
    told.tell(OurEdit(title="Lista", before=text, after=whole.text))
    told.tell(OurEdit(title="Lista", before=by_hand, after=divided.text))
    # Of a page that people deleted the wiki tells nothing.
    for sheet in divided.sheets[1 if gone else 0 :]:
        told.tell(OurEdit(title=sheet.target.title, before="", after=sheet.text))
    slots = told.slots([])
    left = {name: value for name, value in divided.leaves.items() if value is not None}
    if group or not gone:
        assert slots["Lista"] == {**left, "begun": True}
    for sheet in divided.sheets[1 if gone else 0 :]:
        known, real = (each["list:list"] for each in (slots[sheet.target.title], sheet.leaves))
        # Each part knows of the row that people had taken out: it might be one of its own.
        known["rows"].pop("5")
        real["rows"].pop("5", None)
        assert known == real


def test_where_our_first_edits_are_not_told_what_stood_before_is_nobody_s() -> None:
    found = records(*({"name": [f"Museum {at:02}"], "country": ["SE"]} for at in range(60)))
    text = asking("of=partner|columns=name, country")
    divided = filled(text, found, most=5_000, before=filled(text, found))
    sheet = divided.sheets[0]
    told = retelling()
    index = re.sub(r"\| \d+\n", "| 7\n", divided.text, count=1)
    told.tell(OurEdit(title="Lista", before=index, after=divided.text))
    changed = sheet.text.replace("| Sverige\n", "| Norge\n", 1)
    told.tell(OurEdit(title=sheet.target.title, before=sheet.text, after=changed))
    slots = told.slots([])
    left = slots[sheet.target.title]["list:list"]
    assert left == {"sections": {}, "names": ["country"], "rows": {"1": [[None, "Norge"]]}}
    parts = slots["Lista"]["parts:list"]
    assert [part[0] for part in parts] == [each.target.title for each in divided.sheets]


@pytest.mark.parametrize("again", [False, True])
def test_what_was_filled_in_from_requests_is_known_again(again: bool) -> None:
    hub = Hub()
    hub.ask("Maps")
    planned = hub.run()
    record = f"{TOP}/City Library"
    if again:
        hub.change("City Library", "| country = SE", "| country = Norway")
        hub.ask("Songs", record=f"[[{record}]]")
        planned += hub.run()
    told = retelling()
    for each in planned:
        if isinstance(each, Edit) and isinstance(each.change, PageText):
            change, title = each.change, each.target.title
            told.tell(OurEdit(title=title, before=change.before or "", after=change.text))
    retold = told.slots([])
    known = {slot: left for slot, left in hub.bases[record].items() if slot in retold[record]}
    assert retold[record] == known
    assert {"field:country", f"request:{ASKED}/Maps"} <= known.keys()
    assert retold[f"{ASKED}/Maps"]["record"] == hub.bases[f"{ASKED}/Maps"]["record"]
    hub.change("City Library", f"| requests = [[{ASKED}/Maps]]", "| requests = ")
    hub.pages[record] = hub.pages[record].replace("requests = ; ", "requests = ")
    link = f"| record = [[{record}]]\n"
    hub.pages[f"{ASKED}/Maps"] = hub.pages[f"{ASKED}/Maps"].replace(link, "")
    hub.bases = retold
    assert edits(hub.run()) == []
    assert edits(hub.run()) == []


def retelling() -> Retelling:
    """How the sv wiki's edits are told again, as if it were the hub wiki, too."""
    condition = conditions(kinds(), reader(world()))
    request = ("Partnership request",)
    return Retelling(
        Words(names=NAMES, condition=condition, kind=kinds()["partner"], request=request)
    )


@pytest.fixture
def register(sandbox_wikis: Sandbox, hub_config: HubConfig, tmp_path: Path) -> Iterator[Scene]:
    """A register of the test's own."""
    with scene(sandbox_wikis, hub_config, tmp_path, f"Rebuilt {next(_NUMBERS)}") as made:
        yield made


def test_what_people_made_of_lists_before_the_store_was_lost_counts_once_it_is_rebuilt(
    register: Scene, tmp_path: Path
) -> None:
    top = register.top
    for name, stage in {"Air": "working", "Fire": "talking", "Ice": "talking"}.items():
        register.record(name, country="SE", stage=stage, website="https://a.example/")
    register.record("Sea", country="SE", stage="talking")
    article, other = f"{top} in the world", f"{top} elsewhere"
    asks = "of=partner|columns=name, stage, website, country|sort=name"
    for title in (article, other):
        register.person().edit(title, f"Before.\n{register.list_of(asks)}\nBehind.")
    assert register.run().counts == {"saved": 5}
    text = register.text(article)
    keys = dict(zip("AFIS", re.findall(r'data-row="(\d+)"', text), strict=True))
    rows = {name: _row(text, key) for name, key in keys.items()}
    register.change(
        article,
        {
            rows["A"]: rows["A"].replace("| working", "| ''always'' working"),
            rows["F"]: "",
            rows["I"]: f"<!--\n{rows['I']}-->\n",
            '! data-column="website" | Website\n': '! data-column="website" | Site\n',
        },
    )
    register.change(other, {'! data-column="country" | Country\n': ""})
    text = register.text(other)
    register.person().edit(other, re.sub(r"\| Sweden\n", "", text))
    # What people did is seen, and an edit of ours comes on top of it.
    register.change(f"{top}/Partners/Sea", {"= talking": "= working"})
    assert register.run().counts == {"saved": 5}
    register.delete(f"{top}/By country")
    elsewhere, other = other, f"{other}, moved"
    register.person().post(action="move", **{"from": elsewhere, "to": other})
    kept = {title: register.text(title) for title in (article, other)}

    with opened(f"sqlite:///{tmp_path}/new.sqlite") as register.store:
        # A rebuilding that was cut short is none.
        there = Target("hub", f"{top}/Partners/Air")
        register.store.leave("register", there, {"field:name": {"value": "Air"}}, utcnow())
        refused = register.run()
        assert (refused.state, refused.note and refused.note.key) == (
            "failed",
            "dataset-rebuild-first",
        )
        assert register.rebuild().state == "finished"
        assert dict(register.run().counts) == {}
        assert dict(register.run().counts) == {}
        assert {title: register.text(title) for title in kept} == kept
        assert register.text(f"{top}/By country") == ""
        told = sorted(register.told_of(article))
        assert told == ["register-cell-differs", "register-row-removed"]
        assert register.told_of(other) == ["register-column-removed"]
        for name in ("Air", "Sea"):
            register.change(f"{top}/Partners/{name}", {"= working": "= talking"})
        register.change(f"{top}/Partners/Fire", {"= talking": "= working"})
        register.record("Zinc", country="NO")
        assert register.run().counts == {"saved": 4}
        text = register.text(article)
        assert cells(text, keys["A"])[1] == "''always'' working"
        assert cells(text, keys["S"])[1] == "talking"
        assert keys["F"] not in text
        assert text.count(f'data-row="{keys["I"]}"') == 1
        assert text.count("data-row") == 4
        assert '"website" | Site\n' in text
        assert "Country" not in register.text(other)
        assert dict(register.run().counts) == {}


def _row(text: str, key: str) -> str:
    found = re.search(rf'\|- data-row="{key}"\n(?:\|(?!-|\}}).*\n)*', text)
    assert found is not None
    return found[0]
