"""Looking back: a receipt is found wherever the edit went, and a decision has its author."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bots.core.messages import Message
from bots.core.outcome import NotReachedError, Saved, utcnow
from bots.core.plan import Edit, Target
from bots.wiki import history
from bots.wiki.desk import Desk
from sandbox.client import Client
from sandbox.mediawiki import Wiki

FreshTitle = Callable[[], str]


@pytest.fixture
def title(fresh_title: FreshTitle) -> str:
    return fresh_title()


@pytest.fixture
def since() -> datetime:
    return utcnow()


def write(desk: Desk, title: str, text: str, summary: str) -> int:
    page = desk.read(Target("hub", title))
    edit = Edit(target=page.target, change=page.change(text), summary=Message("test"))
    saved = desk.write(edit, summary)
    assert isinstance(saved, Saved)
    return saved.revid


def find(desk: Desk, title: str, since: datetime, base: int | None = None) -> Saved | None:
    return desk.find_receipt(Target("hub", title), f"[receipt of {title}]", since, base)


def test_a_page_that_was_made_is_found_by_its_receipt(
    own_desk: Desk, hub_wiki: Wiki, title: str, since: datetime
) -> None:
    revid = write(own_desk, title, "x", f"made [receipt of {title}]")
    mark = hub_wiki.mark()
    found = find(own_desk, title, since)
    assert len(hub_wiki.requests_since(mark)) == 1
    assert found is not None
    assert (found.revid, found.merged) == (revid, False)


def test_what_was_not_saved_is_not_found(
    desk: Desk, aino: Client, fresh_title: FreshTitle, since: datetime
) -> None:
    missing, theirs, ours = fresh_title(), fresh_title(), fresh_title()
    aino.edit(theirs, "x", f"a person's words: [receipt of {theirs}]")
    write(desk, ours, "x", "another [receipt of something else]")
    assert [find(desk, title, since) for title in (missing, theirs, ours)] == [None] * 3


def test_an_edit_below_later_ones_is_found_and_whether_it_is_a_merge(
    desk: Desk, aino: Client, title: str, since: datetime
) -> None:
    base = aino.edit(title, "before")
    revid = write(desk, title, "ours", f"[receipt of {title}]")
    aino.edit(title, "theirs")
    write(desk, title, "ours again", "[another receipt]")
    known, unknown = find(desk, title, since, base), find(desk, title, since)
    assert known is not None
    assert unknown is not None
    assert (known.revid, known.merged) == (revid, False)
    assert (unknown.revid, unknown.merged) == (revid, True)


def test_an_edit_of_a_page_that_moved_is_found(
    desk: Desk, aino: Client, coordinator: Client, title: str, since: datetime
) -> None:
    base = aino.edit(title, "before")
    revid = write(desk, title, "ours", f"[receipt of {title}]")
    coordinator.post(**{"action": "move", "from": title, "to": f"{title} moved"})
    found = find(desk, title, since, base)
    assert found is not None
    assert (found.revid, found.merged) == (revid, False)


def test_a_page_that_was_made_and_is_deleted_is_found(
    desk: Desk, coordinator: Client, title: str, since: datetime
) -> None:
    write(desk, title, "x", f"[receipt of {title}]")
    coordinator.post(action="delete", title=title)
    found = find(desk, title, since)
    assert found is not None
    assert found.merged


def test_a_summary_that_is_hidden_counts_as_ours_but_gives_no_base(
    desk: Desk, aino: Client, coordinator: Client, hub_wiki: Wiki, title: str, since: datetime
) -> None:
    hub_wiki.override(wgGroupPermissions={"sysop": {"deleterevision": True}})
    base = aino.edit(title, "before")
    revid = write(desk, title, "ours", f"[receipt of {title}]")
    hide = {"action": "revisiondelete", "type": "revision", "hide": "comment"}
    coordinator.post(**hide, ids=revid)
    found = find(desk, title, since, base)
    assert found is not None
    assert (found.revid, found.merged) == (revid, True)


def test_what_is_older_than_the_clocks_may_differ_is_not_looked_at(
    desk: Desk, title: str, since: datetime
) -> None:
    write(desk, title, "x", f"[receipt of {title}]")
    assert find(desk, title, since + history.CLOCK_SKEW - timedelta(seconds=5)) is not None
    assert find(desk, title, since + history.CLOCK_SKEW + timedelta(minutes=5)) is None


def test_an_edit_of_a_page_that_is_gone_since_counts_as_saved(
    desk: Desk, aino: Client, coordinator: Client, title: str, since: datetime
) -> None:
    base = aino.edit(title, "before")
    assert find(desk, title, since, base) is None
    write(desk, title, "ours", f"[receipt of {title}]")
    coordinator.post(action="delete", title=title)
    found = find(desk, title, since, base)
    assert found is not None
    assert (found.revid, found.merged) == (0, True)


def test_a_history_that_is_too_long_is_no_answer(
    desk: Desk, title: str, since: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_ANSWERS", 0)
    with pytest.raises(NotReachedError, match="too long"):
        find(desk, title, since)


def said(text: str) -> list[str]:
    return [word for word in ("approved", "seen") if f"{{{{{word}}}}}" in text]


def added(desk: Desk, title: str) -> dict[str, tuple[str, int]]:
    """Who put what there, and in which revision."""
    found = history.who_added(desk.wikis["hub"], Target("hub", title), ["approved", "seen"], said)
    return {word: (each.user, each.revid) for word, each in found.items()}


def test_a_decision_is_who_put_it_there_last(
    desk: Desk, aino: Client, coordinator: Client, title: str
) -> None:
    assert added(desk, title) == {}
    aino.edit(title, "plan")
    assert added(desk, title) == {}
    revid = coordinator.edit(title, "plan {{approved}}")
    aino.edit(title, "plan, commented {{approved}}")
    assert added(desk, title) == {"approved": ("Coordinator", revid)}
    coordinator.edit(title, "plan, taken back")
    assert added(desk, title) == {}
    again = aino.edit(title, "plan {{approved}}")
    assert added(desk, title) == {"approved": ("Aino", again)}


def test_each_of_several_decisions_has_who_put_it_there(
    desk: Desk, aino: Client, coordinator: Client, title: str
) -> None:
    revids = [
        aino.edit(title, "{{seen}}"),
        coordinator.edit(title, "{{seen}} {{approved}}"),
        aino.edit(title, "{{approved}}"),
        coordinator.edit(title, "{{approved}} {{seen}}"),
        aino.edit(title, "{{seen}} {{approved}}!"),
    ]
    by = ("Coordinator", revids[1]), ("Coordinator", revids[3])
    assert added(desk, title) == dict(zip(("approved", "seen"), by, strict=True))


def test_only_trusted_people_decide(
    desk: Desk, aino: Client, coordinator: Client, fresh_title: FreshTitle
) -> None:
    theirs, trusted = fresh_title(), fresh_title()
    aino.edit(theirs, "{{approved}}")
    coordinator.edit(theirs, "{{approved}} not mine")
    coordinator.edit(trusted, "{{approved}}")
    aino.edit(trusted, "{{approved}} not mine")
    assert desk.decided_by(Target("hub", theirs), ["approved"], said) == {}
    found = desk.decided_by(Target("hub", trusted), ["approved"], said)
    assert found["approved"].user == "Coordinator"


def test_a_hidden_text_leaves_the_author_unknown(
    desk: Desk, aino: Client, coordinator: Client, hub_wiki: Wiki, title: str
) -> None:
    hub_wiki.override(wgGroupPermissions={"sysop": {"deleterevision": True}})
    hidden = aino.edit(title, "{{approved}} and worse")
    coordinator.edit(title, "{{approved}}")
    hide = {"action": "revisiondelete", "type": "revision", "hide": "content"}
    coordinator.post(**hide, ids=hidden)
    assert added(desk, title) == {}


def test_a_hidden_name_decides_nothing(
    desk: Desk, coordinator: Client, hub_wiki: Wiki, title: str
) -> None:
    hub_wiki.override(wgGroupPermissions={"sysop": {"deleterevision": True}})
    first = coordinator.edit(title, "{{approved}}")
    coordinator.edit(title, "{{approved}} again")
    hide = {"action": "revisiondelete", "type": "revision", "hide": "user"}
    coordinator.post(**hide, ids=first)
    assert desk.decided_by(Target("hub", title), ["approved"], said) == {}
