"""Lists as they are asked for: found on a page, understood, shown, divided; or why not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

import pytest

from bots.core.config import RegisterConfig
from bots.core.plan import Finding, Target
from bots.core.register.computed import load_computed
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import PageConfig
from bots.core.register.values import reader
from bots.register.asked import list_faults
from bots.register.lists import sourcing
from bots.register.lists.calls import ListCall, find_lists, names_of
from bots.register.lists.filling import Filled, Page, Speech, Stock, fill
from bots.register.lists.rendering import Look
from tests.register.scene import cells
from tests.register.world import kinds, messages, world

HERE = Target("sv", "Lista")
NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def records(*values: Mapping[str, Sequence[str]]) -> list[PageRecord]:
    return [
        PageRecord(
            kind="partner",
            page=number,
            title=f"Partnerships/Partners/{each['name'][0]}",
            revid=100 + number,
            edited=NOW,
            values={name: tuple(many) for name, many in each.items()},
        )
        for number, each in enumerate(values, 1)
    ]


def filled(
    text: str,
    found: Sequence[PageRecord],
    *,
    language: str = "sv",
    site: str = "sv",
    most: int = 2_000_000,
    before: Filled | None = None,
) -> Filled:
    look = Look(
        site=site,
        language=language,
        messages=messages(),
        page_url=lambda target: f"https://{target.site}.example/{target.title.replace(' ', '_')}",
        entity_title=str,
        hub="hub",
        account="HubBot",
        items="wikidata",
        called=sourcing.names_of(found, kinds()),
    )
    speech = Speech(
        names=names_of(RegisterConfig(), ["mall"]),
        look=look,
        canonical=reader(world()),
        most_bytes=most,
    )
    there = {name: sourcing.of_kind(kind, found) for name, kind in kinds().items()}
    sheets = {sheet.target for sheet in before.sheets} if before else set()
    base = before.leaves if before else {}
    page = Page(target=HERE, text=text, base=base, there=sheets)
    return fill(page, Stock(sources=there, offers=list(kinds())), speech)


def asking(options: str, body: str = "\n") -> str:
    return f"{{{{Partner list|{options}}}}}{body}{{{{Partner list end}}}}"


def only_row(options: str, **values: Sequence[str]) -> list[str]:
    return cells(filled(asking(options), records(values)).text, "1")


def told(found: Filled) -> list[tuple[str, str]]:
    return [(each.message.key, line_of(each)) for each in found.findings]


def line_of(finding: Finding) -> str:
    return str(finding.message.params["line"])


def test_several_lists_on_a_page_are_each_for_itself() -> None:
    names = names_of(RegisterConfig(list_template_aliases=["Partnerlista"]), ["mall"])
    text = (
        "{{partner_list|of=partner}}\nA\n{{Partner list end}}\n"
        "<!-- {{Partner list}} --><nowiki>{{Partner list}}</nowiki>\n"
        "{{Mall:Partnerlista\n| of = goal\n| name = goals <!-- x -->\n}}B{{Partner list end}}"
    )
    first, second = find_lists(text, names)
    assert isinstance(first, ListCall)
    assert isinstance(second, ListCall)
    assert (first.name, first.body(text), first.line) == ("list", "\nA\n", 1)
    assert (second.name, second.body(text), second.line) == ("goals", "B", 5)
    assert (second.options["of"], second.body_line) == ("goal", 8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x\n{{Partner list|of=partner}}\n", [("register-list-no-end", "2")]),
        ("{{Partner list|of=partner}}\n" + asking("of=goal"), [("register-list-no-end", "1")]),
        ("x\n\n{{Partner list end}}", [("register-list-no-start", "3")]),
        ("{{Partner list|of=partner\nx", [("register-list-unclosed", "1")]),
        ("\n{{Box|\n" + asking("of=partner") + "}}", [("register-list-nested", "3")]),
        ("<ref>" + asking("of=partner") + "</ref>", [("register-list-nested", "1")]),
        (asking("of=partner") + "\n" + asking("of=goal"), [("register-list-doubled", "1")]),
        (asking("of=partner|colums=name"), [("register-list-option-close", "1")]),
        (asking("of=partner|x"), [("register-list-option", "1")]),
        (asking("of=parner"), [("register-list-of-close", "1")]),
        (asking("columns=name"), [("register-list-of", "1")]),
        (asking("of=partner|columns=name, nam"), [("register-no-field", "1")]),
        (asking("of=partner|where=country=Atlantis"), [("register-where-value", "1")]),
        (asking("of=partner|sort=size"), [("register-no-field", "1")]),
        (asking("of=partner|group=country, kind"), [("register-no-field", "1")]),
    ],
)
def test_a_list_that_is_none_is_told_with_its_line_and_nothing_is_written(
    text: str, expected: list[tuple[str, str]]
) -> None:
    found = filled(text, records({"name": ["A"]}))
    assert told(found)[:1] == expected
    for finding in found.findings:
        for language in messages().languages:
            assert messages().text(language, finding.message)
    alone = len(find_lists(text, names_of(RegisterConfig()))) == 1
    assert found.text == text or not alone


def test_one_broken_list_does_not_keep_another_from_being_filled() -> None:
    text = asking("of=partner|columns=naem|name=a") + "\n" + asking("of=partner|name=b")
    found = filled(text, records({"name": ["Sjö"]}))
    assert told(found) == [("register-no-field", "1")]
    assert found.changed == ["b"]
    assert found.text.startswith(
        "{{Partner list|of=partner|columns=naem|name=a}}\n{{Partner list end"
    )


def test_values_are_shown_by_their_type_in_the_wikis_language() -> None:
    assert only_row(
        "of=partner|columns=country, languages, stage, since, website, item, mediators, topics",
        name=["Sjö"],
        country=["SE", "NO"],
        languages=["sv", "fi"],
        stage=["conversation"],
        since=["2026-11-21"],
        website=["https://sjo.example/om"],
        item=["Q42"],
        mediators=["Aino"],
        topics=["hav | sjö", "''öar''"],
    ) == [
        "Sverige, Norge",
        "svenska, finska",
        "i samtal",
        "21 november 2026",
        "[https://sjo.example/om sjo.example]",
        "[https://wikidata.example/Q42 Q42]",
        "[https://hub.example/User:Aino Aino]",
        "hav &#124; sjö, &#39;&#39;öar&#39;&#39;",
    ]


def test_rows_are_in_the_order_that_is_asked_for_and_choices_in_that_of_their_kind() -> None:
    found = records(
        {"name": ["C"], "stage": ["ended"]},
        {"name": ["a"], "stage": ["interested"]},
        {"name": ["B"], "stage": ["conversation"]},
        {"name": ["D"]},
    )

    def order(options: str) -> list[str]:
        lines = filled(asking(options), found, site="hub").text.split("\n")
        return [line[-3] for line in lines if line.startswith("| [[")]

    assert order("of=partner|columns=name") == ["a", "B", "C", "D"]
    assert order("of=partner|columns=name|sort=-name") == ["D", "C", "B", "a"]
    assert order("of=partner|columns=name|sort=stage") == ["a", "B", "C", "D"]
    assert order("of=partner|columns=name|sort=-stage") == ["C", "B", "a", "D"]
    assert order('of=partner|columns=name|where=name>="b"; stage!=') == ["B", "C"]


def test_a_row_stands_in_the_section_of_each_of_its_values_that_is_asked_for() -> None:
    found = records({"name": ["A"], "country": ["SE", "NO"]}, {"name": ["B"]})
    text = filled(asking("of=partner|columns=name|group=country"), found).text
    assert text.count('data-row="1"') == 2
    assert (
        text.index("=== Norge ===") < text.index("=== Sverige ===") < text.index("=== Ej angivet")
    )
    one = filled(asking("of=partner|where=country=Norway|columns=name|group=country"), found).text
    assert "Norge" in one
    assert "Sverige" not in one


def row_of(text: str, key: str) -> str:
    found = re.search(rf'\|- data-row="{key}"\n(?:\|(?![-}}]).*\n)*', text)
    assert found
    return found[0]


@pytest.mark.parametrize("group", ["", "|group=country"])
def test_a_list_too_long_is_divided_and_each_part_is_as_the_whole_was(group: str) -> None:
    found = records(
        *(
            {"name": [f"Museum {at:02}"], "country": [("SE", "NO", "FI")[at % 3]]}
            for at in range(60)
        )
    )
    text = "Före.\n" + asking(f"of=partner|columns=name, country{group}") + "\nEfter."
    whole = filled(text, found)
    by_hand = whole.text.replace("| Norge\n", "| Norge (norr)\n", 1)
    by_hand = by_hand.replace('|- data-row="7"', '|- class="x" data-row="7"')
    gone, hidden, above = (row_of(by_hand, key) for key in ("5", "8", "11"))
    by_hand = by_hand.replace(gone, "").replace(hidden, f"<!--\n{hidden}-->\n")
    by_hand = by_hand.replace(above, f"{above}|-\n| Our own\n| Norge\n")
    by_hand = by_hand.replace("{{Partner list end", "Read this.\n{{Partner list end")
    divided = filled(by_hand, found, most=5_000, before=whole)
    assert divided.text.startswith("Före.\n{{Partner list|of=partner")
    assert divided.text.endswith("{{Partner list end}}\nEfter.")
    assert "Museum 07" not in divided.text
    assert divided.findings == []
    parts = "".join(sheet.text for sheet in divided.sheets)
    assert all(len(sheet.text.encode()) < 4_500 for sheet in divided.sheets)
    standing = [number for number in range(1, 61) if parts.count(f'data-row="{number}"\n') == 1]
    assert standing == [number for number in range(1, 61) if number != 5]
    assert parts.count(f"<!--\n{hidden}-->") == 1
    assert parts.count("|-\n| Our own\n| Norge\n") == 1
    assert "Read this." in divided.text
    assert parts.count("| Norge (norr)\n") == 1
    assert '|- class="x" data-row="7"' in parts
    again = filled(divided.text, found, most=5_000, before=divided)
    assert (again.text, again.sheets) == (divided.text, [])


def test_a_list_that_cant_be_divided_stays_as_it_is_and_it_is_told() -> None:
    found = records(*({"name": [f"Ü{'x' * 200}"], "topics": ["a"]} for _ in range(40)))
    text = asking("of=partner|columns=name, topics")
    whole = filled(text, found, most=3_000)
    assert whole.text == text
    assert told(whole) == [("register-list-long", "1")]


def test_what_is_told_names_the_line_on_which_it_will_be() -> None:
    text = asking("of=partner|columns=name") + "\nx {{Partner list end}}"
    found = filled(text, records({"name": ["A"]}, {"name": ["B"]}))
    assert found.text.split("\n")[int(line_of(found.findings[0])) - 1] == "x {{Partner list end}}"


def test_the_pages_that_ship_ask_for_what_there_is_and_one_that_does_not_is_told() -> None:
    computed, canonical = load_computed(), reader(world())
    assert list(list_faults(kinds(), computed, canonical)) == []
    words = {"en": "X"}
    pages = {
        "a": PageConfig(title=words, about=words, columns=["nam"]),
        "b": PageConfig(title=words, about=words, columns=["name"], where="country=Atlantis"),
        "c": PageConfig(title=words, about=words, columns=["name"], of="partners"),
    }
    wrong = {**kinds(), "partner": kinds()["partner"].model_copy(update={"pages": pages})}
    assert [
        (kind, page, error.key) for kind, page, error in list_faults(wrong, computed, canonical)
    ] == [
        ("partner", "a", "register-no-field"),
        ("partner", "b", "register-where-value"),
        ("partner", "c", "register-no-kind"),
    ]
