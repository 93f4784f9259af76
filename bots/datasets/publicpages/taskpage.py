"""The page of a dataset's task, in the form in which bot approvals are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from bots.core.messages import Param, Ready
from bots.core.stop import stop_titles
from bots.core.wikitext import escape, external_link, link
from bots.datasets.publicpages.words import Words, shown


def body(words: Words) -> str:
    """What stands in our region: a line each for what communities ask."""
    lines = [f"; {words.say(f'task-page-{name}')} : {said}" for name, said in _told(words)]
    return "\n".join(["", *lines, ""])


def _told(words: Words) -> Iterator[tuple[str, str]]:
    dataset, config = words.dataset, words.config
    names: dict[str, Param] = {"dataset": shown(dataset.title), "partner": shown(dataset.partner)}
    yield "task", words.say("task-page-task-is", **names, site=dataset.site)
    yield "operator", link(f"User:{config.operator}", config.operator)
    yield "bot", link(f"User:{config.account}", config.account)
    yield "edits", words.say("task-page-edits-are")
    yield "function", words.say("task-page-function-is", page=words.linked("mapping"))
    yield "source", words.say(f"task-page-source-{dataset.source.kind}", **names)
    made = dataset.create
    new = "none" if made is None else "asked" if made.people else "some"
    yield "new", words.say(f"task-page-new-{new}")
    if dataset.source.rhythm_days is None:
        yield "often", words.say("task-page-often-is")
    else:
        yield "often", words.say("task-page-often-days", num_days=dataset.source.rhythm_days)
    rate, first = config.limits.edits_per_minute, config.guard.first_run_edits
    key = "task-page-rate-is" if rate else "task-page-rate-free"
    said: dict[str, Param] = {"num_rate": rate} if rate else {}
    yield "rate", words.say(key, **said, num_first=first)
    yield "people", words.say("task-page-people-are", page=words.linked("datasets"))
    own, every = (Ready(link(title)) for title in stop_titles(config.account, dataset.id))
    yield "stop", words.say("task-page-stop-is", page=own, all=every)
    approval = config.sites[dataset.site].approvals.get(dataset.id)
    if approval is not None:
        places = dict.fromkeys((approval.opt_in, approval.bot_approval))
        yield "agreed", ", ".join(map(_place, places))
    yield "program", words.say("task-page-program-is")
    yield "trial", words.linked("trial")


def _place(said: str) -> str:
    """A link to a title or an address, as hub.yaml may give either."""
    if said.startswith(("https://", "http://")):
        return external_link(said)
    return link(said) if said else escape("–")
