"""Every error that was recorded of a write reaches the outcome that the table names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bots.core.outcome import Conflict, Deferred, Invalid, Outcome, Refused, Saved, Unchanged
from bots.core.wikibase.exact import loads
from bots.wiki.entity_answers import is_stale, new_id, of_rest, of_wbeditentity
from bots.wiki.transport import Answer

HERE = Path(__file__).parent
RECORDED = HERE / "recorded"
TABLE: dict[str, dict[str, str]] = yaml.safe_load((HERE / "outcomes.yaml").read_text())
NOW = datetime(2026, 11, 21, tzinfo=UTC)
READS = ("wbget", "wbsearch", "wbformat", "wbparse")


def recording(api: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = loads((RECORDED / api / f"{name}.json").read_text())
    return found


def answer_of(recorded: dict[str, Any]) -> Answer:
    """The recording as it would have come through `bots.wiki.transport`."""
    headers = {name.lower(): value for name, value in recorded["headers"].items()}
    body = recorded["body"]
    if isinstance(body, dict):
        return Answer(status=recorded["status"], headers=headers, data=body)
    return Answer(status=recorded["status"], headers=headers, lost="no JSON object")


def outcome_of(recorded: dict[str, Any], base: int | None = 1) -> Outcome:
    if "params" in recorded["request"]:
        return of_wbeditentity(answer_of(recorded), NOW)
    return of_rest(answer_of(recorded), base, NOW)


def in_words(outcome: Outcome) -> str:
    words = [outcome.name]
    match outcome:
        case Refused():
            words += [outcome.reason, *(["whole"] if outcome.whole_account else []), outcome.code]
        case Deferred():
            words.append(outcome.reason)
        case Conflict():
            words += [outcome.code, *(["to", outcome.moved_to] if outcome.moved_to else [])]
        case Saved() | Unchanged():
            pass
        case _:
            words.append(getattr(outcome, "code", ""))
    return " ".join(words).strip()


def writes(recorded: dict[str, Any]) -> bool:
    request = recorded["request"]
    if "params" in request:
        action = request["params"].get("action", "")
        return action.startswith("wb") and not action.startswith(READS)
    return bool(request["method"] != "GET")


@pytest.mark.parametrize("api", ["action", "rest"])
def test_every_error_recorded_of_a_write_is_in_the_table(api: str) -> None:
    found = {path.stem for path in (RECORDED / api).glob("err_*.json")}
    assert len(found) > 100
    wanted = {name for name in found if writes(recording(api, name))}
    assert {f"err_{name}" for name in TABLE[api]} == wanted


@pytest.mark.parametrize(
    ("api", "name", "words"),
    [(api, name, words) for api, table in TABLE.items() for name, words in table.items()],
)
def test_a_recorded_error_reaches_its_outcome(api: str, name: str, words: str) -> None:
    assert in_words(outcome_of(recording(api, f"err_{name}"))) == words


@pytest.mark.parametrize(
    ("api", "name", "other"),
    [
        ("action", "err_duplicate_label_description", "Q101138"),
        ("action", "err_sitelink_conflict", "Q101134"),
        ("rest", "err_post_item_duplicate_label_description", "Q100410"),
        ("rest", "err_val_duplicate_label_description", "Q100457"),
    ],
)
def test_a_duplicate_names_the_other_item(api: str, name: str, other: str) -> None:
    outcome = outcome_of(recording(api, name))
    assert isinstance(outcome, Invalid)
    assert other in outcome.info


def test_the_lag_of_the_query_service_is_waited_for_as_long_as_the_wiki_says() -> None:
    outcome = outcome_of(recording("action", "err_maxlag_wikibase_queryservice"))
    assert isinstance(outcome, Deferred)
    assert outcome.until - NOW == timedelta(seconds=5)


def test_a_recorded_success_is_the_revision_that_it_names() -> None:
    patched = outcome_of(recording("rest", "ok_patch_item_change_rank"))
    assert patched == Saved(revid=8918, timestamp=datetime(2026, 11, 21, 0, 49, 28, tzinfo=UTC))
    made = recording("rest", "ok_post_item_empty")
    assert isinstance(outcome_of(made, base=None), Saved)
    assert new_id(answer_of(made)) == "Q100411"
    edited = recording("action", "ok_wbeditentity_new_item")
    assert outcome_of(edited) == Saved(revid=1571, timestamp=NOW)
    assert new_id(answer_of(edited)) == "Q101134"


def test_a_patch_without_change_is_unchanged() -> None:
    same = recording("rest", "ok_patch_item_no_change_same_value")
    revision = int(same["headers"]["ETag"].strip('"'))
    assert outcome_of(same, base=revision) == Unchanged()
    assert outcome_of(recording("action", "ok_wbeditentity_nochange")) == Unchanged()


def test_wikibases_own_patching_is_noticed() -> None:
    name = "ok_action_wbeditentity_stale_baserevid_same_statement_other_user"
    outcome = outcome_of(recording("rest", name))
    assert isinstance(outcome, Saved)
    assert outcome.merged


def test_a_lost_session_is_told_from_other_refusals() -> None:
    assert is_stale(answer_of(recording("rest", "err_stale_cookies_bot_true_is_refused")))
    assert not is_stale(answer_of(recording("rest", "err_protected_patch")))
    assert not is_stale(answer_of(recording("rest", "err_partially_blocked_from_this_page")))


@pytest.mark.parametrize("status", [200, 201, 500, 502, 503])
@pytest.mark.parametrize("base", [None, 7])
def test_an_answer_that_tells_nothing_may_have_been_saved(status: int, base: int | None) -> None:
    answer = Answer(status=status, lost="HTTP, 20 bytes of text/html")
    assert of_rest(answer, base, NOW).name == "unknown"
    assert of_wbeditentity(answer, NOW).name == "unknown"
    assert of_wbeditentity(Answer(status=200, data={"success": 1}), NOW).name == "unknown"
