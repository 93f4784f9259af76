"""Which of the bot's edits people have reverted: not those that it took back itself."""

from __future__ import annotations

from collections.abc import Callable

from bots.wiki.desk import Desk
from sandbox.client import Client
from sandbox.mediawiki import Sandbox


def test_only_what_people_revert_counts_not_a_text_to_which_the_bot_itself_came_back(
    sandbox_wikis: Sandbox, desk: Desk, coordinator: Client, fresh_title: Callable[[], str]
) -> None:
    bot = Client(sandbox_wikis.hub, sandbox_wikis.accounts.bot)
    flips, reverts = fresh_title(), fresh_title()
    ours = [bot.edit(flips, text) for text in ("one", "two", "three", "one", "two")]
    ours += [bot.edit(reverts, "one"), bot.edit(reverts, "two")]
    coordinator.edit(reverts, "one")
    assert desk.reverted("hub", ours) == {ours[-1]}
    again = bot.edit(reverts, "two")
    assert desk.reverted("hub", [*ours, again]) == {ours[-1]}, "it is no way out to insist"
