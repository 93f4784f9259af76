"""The page on the wiki that shows a held plan, and the word on it that lets the plan through."""

from __future__ import annotations

import itertools
from datetime import datetime

from bots.core import wikitext
from bots.core.config import HubConfig
from bots.core.messages import Message, Messages, Param, Ready
from bots.core.plan import NEW_ITEM, Edit, PageText, Target
from bots.core.ports import Desk
from bots.core.store import Decision, Run, SpooledEdit, Store

TEMPLATE = "HubBot decision"
"""On the plan page: `{{HubBot decision|plan=KEY|decision=apply}}`."""

APPLY = "apply"

_ROWS = 200
"""Edits that the page lists; the dashboard shows them all."""


def plan_page(config: HubConfig, bot: str) -> Target:
    """Where a bot's held plan is shown."""
    return Target(config.hub, f"User:{config.account}/plan/{bot}")


def edit(
    desk: Desk,
    store: Store,
    config: HubConfig,
    messages: Messages,
    run: Run,
    why: list[Message],
) -> Edit:
    """The edit that shows the plan of `run` and asks for a trusted person's word."""
    target = plan_page(config, run.bot)
    page = desk.read(target)
    rows = list(itertools.islice(store.edits(run), _ROWS))
    text = _text(desk, messages, config, run, why, rows)
    return Edit(
        target=target,
        change=PageText(
            text=text,
            before=page.text,
            base_revid=page.revid,
            base_timestamp=page.timestamp,
            announce=True,
        ),
        summary=Message("plan-summary"),
        key="plan-page",
    )


def approved(
    desk: Desk, store: Store, config: HubConfig, bot: str, plan_key: str, now: datetime
) -> str | None:
    """The held plan's key, if somebody in a trusted group let it through on the plan page.

    Who said it is read from the page's history: the revision since which the word stands there.
    """
    target = plan_page(config, bot)
    text = desk.read(target).text
    if text is None or plan_key not in _let_through(text):
        return None
    author = desk.decided_by(target, [plan_key], _let_through).get(plan_key)
    if author is None or author.user == config.account:
        return None
    store.decide(
        Decision(
            bot=bot,
            target=target,
            slot="plan",
            pair=plan_key,
            choice=APPLY,
            user=author.user,
            revid=author.revid,
            decided=now,
        )
    )
    return plan_key


def task_link(config: HubConfig, bot: str, called: str = "") -> Ready:
    """A link to the page on which a bot's task is, and who answers for it."""
    return Ready(wikitext.link(f"User:{config.account}/task/{bot}", called or bot))


def page_link(desk: Desk, config: HubConfig, target: Target) -> str:
    """A link, on the hub, to a page; of a new item, which has none yet, the record's name."""
    if target.title.startswith(NEW_ITEM):
        return wikitext.escape(target.title.removeprefix(NEW_ITEM))
    if target.site == config.hub:
        return wikitext.link(target.title)
    return wikitext.external_link(desk.page_url(target), str(target))


def _let_through(text: str) -> set[str]:
    """The keys of the plans that a text of the page lets through."""
    calls = wikitext.find_templates(text, [TEMPLATE])
    return {call.value("plan") for call in calls if call.value("decision") == APPLY}


def _text(
    desk: Desk,
    messages: Messages,
    config: HubConfig,
    run: Run,
    why: list[Message],
    rows: list[SpooledEdit],
) -> str:
    language = desk.language(config.hub)

    def say(message: str, **params: Param) -> str:
        return messages.text(language, Message(message, params), wikitext.escape)

    task = task_link(config, run.bot)
    lines = [
        f"{{{{{TEMPLATE}|plan={run.key}|decision=}}}}",
        say("plan-intro", bot=task, plan=run.key, groups=", ".join(config.trusted_groups)),
        *("* " + messages.text(language, reason, wikitext.escape) for reason in why),
        '{| class="wikitable sortable"',
        f"! {say('plan-column-page')} !! {say('plan-column-kind')} !! {say('plan-column-why')}",
    ]
    for row in rows:
        if row.edit is None:
            continue
        reasons = "; ".join(
            messages.text(language, reason, wikitext.escape) for reason in row.edit.reasons
        )
        is_item = row.target.title.startswith(NEW_ITEM)
        kind = say("plan-kind-item" if is_item else f"plan-kind-{row.edit.kind}")
        lines += ["|-", f"| {page_link(desk, config, row.target)} || {kind} || {reasons}"]
    lines += ["|}", say("plan-rows", num_shown=len(rows))]
    return "\n".join(lines)
