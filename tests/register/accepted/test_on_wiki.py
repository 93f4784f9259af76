"""Requests, records and reminders on a real wiki: intake and register run in turn, people act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.core.config import HubConfig
from bots.core.store import opened
from sandbox.client import Client
from sandbox.mediawiki import Wiki
from tests.register.wiki_scene import Hub


@pytest.fixture
def hub(hub_config: HubConfig, aino: Client, tmp_path: Path) -> Iterator[Hub]:
    with opened(f"sqlite:///{tmp_path}/store.sqlite") as store:
        yield Hub(hub_config, tmp_path, store, aino)


def test_a_request_becomes_a_record_that_people_have_the_last_word_on(
    hub: Hub, coordinator: Client
) -> None:
    maps = hub.ask("Maps", "City Library")
    record = f"{hub.top}/Partners/City Library"
    hub.intake()
    assert hub.register() == {"saved": 2}
    assert f"| requests = [[{maps}]]" in hub.text(record)
    assert re.search(rf"\| record +=  ?\[\[{record}\]\]", hub.text(maps))
    assert "| country = SE\n" in hub.text(record)
    # The intake reads the link and has nothing to say against it.
    assert hub.intake().counts == {}
    assert hub.register() == {}

    hub.aino.edit(record, hub.text(record).replace("| country = SE\n", "| country =\n"))
    hub.ask("Songs", "city library")
    hub.intake()
    assert hub.register() == {"saved": 2}
    text = hub.text(record)
    assert f"| requests = [[{maps}]]; [[{hub.requests}/Songs]]" in text
    assert "| country =\n" in text

    coordinator.post(action="delete", title=record)
    hub.aino.edit(maps, hub.text(maps).replace("| country     = Sweden", "| country     = Norway"))
    hub.intake()
    assert hub.register() == {}
    assert hub.text(record) == ""


def test_a_record_deleted_before_anybody_remembers_is_not_made_again(
    hub: Hub, coordinator: Client
) -> None:
    record = f"{hub.top}/Partners/City Library"
    coordinator.edit(record, "x")
    coordinator.post(action="delete", title=record)
    hub.ask("Maps", "City Library")
    hub.intake()
    assert hub.register() == {}
    assert "register-request-deleted" in hub.told()


def test_people_are_reminded_once_of_what_an_agreement_obliges_to(hub: Hub, hub_wiki: Wiki) -> None:
    agreement = f"{hub.top}/Agreements/Maps"
    lines = [
        "we; send figures; each year",
        f"partner; keeps its page; from 2026-11; page {hub.top}/none",
        f"partner; is asked; from 2026-11; page {hub.requests}",
    ]
    hub.aino.edit(
        agreement,
        "{{Partnership agreement\n| name = Maps\n| partners = Library\n| since = 2026-01-01\n"
        "| mediators = Aino, Bashir\n| obligations =\n* " + "\n* ".join(lines) + "\n}}",
    )
    assert hub.register() == {"saved": 1}
    talk = hub.text(f"Talk:{agreement}")
    assert talk.startswith("== A reminder ==\n[[:User:Aino|Aino]], [[:User:Bashir|Bashir]], this")
    assert "* we: send figures – due by 2026-12-31" in talk
    assert "* partner: keeps its page – HubBot looked for it now, and it is not there." in talk
    assert "is asked" not in talk
    assert "[[User:HubBot|HubBot]]" in talk
    assert {"register-duty-soon", "register-duty-not-so"} <= set(hub.told())
    mark = hub_wiki.mark()
    assert hub.register() == {}
    asked = [str(each.parameters.get("titles", "")) for each in hub_wiki.requests_since(mark)]
    assert not any(hub.requests in titles or "Talk:" in titles for titles in asked)
    with opened(f"sqlite:///{hub.config.folder}/other.sqlite") as lost:
        hub.store = lost
        hub.aino.edit(f"Talk:{agreement}", "All of this is in the archive.")
        hub.rebuild()
        assert hub.register() == {}
