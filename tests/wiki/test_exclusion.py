"""{{bots}} and {{nobots}} are read as pywikibot reads them, and optout besides."""

from __future__ import annotations

import pytest

from bots.wiki.exclusion import Kind, allowed


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("", True),
        ("Robots and {{robots}} {{abots|deny=all}}", True),
        ("{{nobots}}", False),
        ("{{NoBots}}", False),
        ("{{ nobots }}", False),
        ("{{Template:Nobots}}", False),
        ("{{nobots<!-- why -->}}", False),
        ("text\n{{Infobox|x={{nobots}}}}", False),
        ("<!-- {{nobots}} -->", True),
        ("<nowiki>{{nobots}}</nowiki>", True),
        ("{{nobots|HubBot}}", False),
        ("{{nobots|OtherBot, hubBot}}", False),
        ("{{nobots|OtherBot}}", True),
        ("{{nobots|deny=OtherBot}}", False),
        ("{{nobots|all}}", False),
        ("{{bots}}", True),
        ("{{bots|allow=all}}", True),
        ("{{bots|allow=HubBot}}", True),
        ("{{bots|allow=Other_Bot,HubBot}}", True),
        ("{{bots|allow=OtherBot}}", False),
        ("{{bots|allow=none}}", False),
        ("{{bots|deny=all}}", False),
        ("{{bots|deny=OtherBot, HubBot}}", False),
        ("{{bots|deny=OtherBot}}", True),
        ("{{bots|deny=none}}", True),
        ("{{bots|deny=}}", True),
        ("{{bots|HubBot}}", True),
        ("{{bots|unknown=all}}", True),
        ("{{bots|deny=HubBot|allow=HubBot}}", False),
        ("{{bots|allow=HubBot|deny=all}}", True),
        ("{{bots|deny=OtherBot}} {{bots|deny=HubBot}}", False),
        ("{{bots|optout=all}}", True),
        ("{{bots|optout=all|deny=HubBot}}", False),
    ],
)
def test_people_say_who_may_edit(text: str, may: bool) -> None:
    assert allowed(text, "HubBot") is may


@pytest.mark.parametrize(
    ("text", "kind", "may"),
    [
        ("{{bots|optout=all}}", "message", False),
        ("{{bots|optout=nosource,HubBot}}", "message", False),
        ("{{bots|optout=nosource}}", "message", True),
        ("{{bots|optout=HubBot}}", "edit", True),
        ("{{nobots}}", "message", False),
    ],
)
def test_people_can_opt_out_of_messages_alone(text: str, kind: Kind, may: bool) -> None:
    assert allowed(text, "HubBot", kind) is may


def test_a_name_with_spaces_may_be_written_with_underscores() -> None:
    assert not allowed("{{bots|deny=Hub_Bot}}", "Hub Bot")


def test_a_page_of_braces_is_read_in_time() -> None:
    assert allowed("{{bots" * 20_000 + "}" * 1000, "HubBot") in (True, False)
