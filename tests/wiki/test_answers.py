"""Every answer of a wiki, and every one that is lost, is the right one of the closed outcomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bots.core.outcome import (
    Conflict,
    Deferred,
    Failed,
    Invalid,
    Outcome,
    Refused,
    Saved,
    Unchanged,
    Unknown,
)
from bots.wiki.answers import outcome_of, unread
from bots.wiki.transport import LONGEST_RETRY_AFTER, Answer

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
BASE = 41


def error(code: str, **more: Any) -> dict[str, Any]:
    return {"error": {"code": code, "info": f"about {code}", **more}}


def success(**more: Any) -> dict[str, Any]:
    saved = {"result": "Success", "oldrevid": BASE, "newrevid": 42}
    return {"edit": {**saved, "newtimestamp": "2026-05-01T11:59:59Z", **more}}


def answer(data: Any = None, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, data=data, headers=named, lost="" if data else "lost it")


def become(data: Any = None, status: int = 200, **headers: str) -> Outcome:
    return outcome_of(answer(data, status, **headers), BASE, NOW)


def in_seconds(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


SAVED_AT = datetime(2026, 5, 1, 11, 59, 59, tzinfo=UTC)


def test_success_is_saved_with_the_new_revision() -> None:
    assert become(success()) == Saved(revid=42, timestamp=SAVED_AT, merged=False)


def test_a_parent_that_we_did_not_read_is_a_merge() -> None:
    assert become(success(oldrevid=40)) == Saved(revid=42, timestamp=SAVED_AT, merged=True)


def test_a_new_page_has_no_parent_and_is_no_merge() -> None:
    new = answer(success(oldrevid=0, new=True))
    assert outcome_of(new, None, NOW) == Saved(revid=42, timestamp=SAVED_AT, merged=False)


def test_no_change_is_unchanged() -> None:
    assert become({"edit": {"result": "Success", "nochange": True}}) == Unchanged()


@pytest.mark.parametrize(
    "code", ["editconflict", "articleexists", "pagedeleted", "missingtitle", "nosuchrevid"]
)
def test_somebody_was_first(code: str) -> None:
    assert become(error(code)) == Conflict(code=code)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("protectedpage", "protected"),
        ("cascadeprotected", "protected"),
        ("protectedtitle", "protected"),
        ("protectednamespace-interface", "protected"),
        ("sitejsprotected", "protected"),
        ("titleblacklist-forbidden-edit", "filtered"),
        ("abusefilter-disallowed", "filtered"),
        ("abusefilter-warning", "filtered"),
        ("spamblacklist", "filtered"),
        ("hookaborted", "filtered"),
        ("permissiondenied", "permission"),
        ("cantcreate", "permission"),
    ],
)
def test_a_refusal_of_this_page_lets_the_run_go_on(code: str, reason: str) -> None:
    refused = become(error(code))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.code, refused.info) == (reason, code, f"about {code}")
    assert refused.run_continues


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("blocked", "blocked"),
        ("autoblocked", "blocked"),
        ("globalblocking-ipblocked", "blocked"),
        ("wikimedia-globalblocking-blocked", "blocked"),
        ("writeapidenied", "permission"),
        ("mwoauth-invalid-authorization", "permission"),
        ("assertbotfailed", "not-approved"),
    ],
)
def test_a_refusal_of_the_account_ends_the_run(code: str, reason: str) -> None:
    refused = become(error(code, blockinfo={"blockpartial": False}))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.run_continues) == (reason, False)


def test_a_partial_block_is_about_this_page_only() -> None:
    refused = become(error("blocked", blockinfo={"blockpartial": True}))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.run_continues) == ("blocked", True)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ({"captcha": {"type": "image", "id": "1"}}, "captcha"),
        ({"code": "abusefilter-disallowed", "info": "no"}, "abusefilter-disallowed"),
        ({"code": "spamblacklist"}, "spamblacklist"),
    ],
)
def test_a_failure_that_is_no_error_is_refused_too(edit: dict[str, Any], code: str) -> None:
    refused = become({"edit": {"result": "Failure", **edit}})
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.code) == ("filtered", code)


def test_a_failure_without_a_reason_has_failed() -> None:
    assert become({"edit": {"result": "Failure"}}) == Failed(code="failure", info="")


@pytest.mark.parametrize(
    "code", ["contenttoobig", "invalidtitle", "badmd5", "pagecannotexist", "no-direct-editing"]
)
def test_what_the_wiki_will_never_take_is_invalid(code: str) -> None:
    assert become(error(code)) == Invalid(code=code, info=f"about {code}")


@pytest.mark.parametrize(
    ("code", "reason", "seconds"),
    [("maxlag", "lag", 5), ("ratelimited", "rate-limit", 60), ("readonly", "read-only", 60)],
)
@pytest.mark.parametrize("said", [None, "17"])
def test_not_now_says_when(code: str, reason: str, seconds: int, said: str | None) -> None:
    deferred = become(error(code), retry_after=said or "")
    assert isinstance(deferred, Deferred)
    assert (deferred.reason, deferred.until) == (reason, in_seconds(17 if said else seconds))


def test_read_only_says_why() -> None:
    deferred = become(error("readonly", readonlyreason="Moving house."), status=503)
    assert isinstance(deferred, Deferred)
    assert deferred.info == "Moving house."


def test_too_many_requests_never_reach_the_wiki() -> None:
    deferred = become(status=429, retry_after="7")
    assert isinstance(deferred, Deferred)
    assert (deferred.reason, deferred.until) == ("rate-limit", in_seconds(7))


@pytest.mark.parametrize("status", [0, 200, 500, 502, 503, 504])
def test_what_mediawiki_did_not_answer_may_have_been_saved(status: int) -> None:
    assert become(status=status, retry_after="5") == Unknown(info="lost it")


def test_an_internal_error_may_have_come_after_saving() -> None:
    unknown = become(error("internal_api_error_DBQueryError"), status=500)
    assert isinstance(unknown, Unknown)


@pytest.mark.parametrize(
    "data",
    [
        {"batchcomplete": True},
        {"edit": []},
        {"edit": {"result": "Success"}},
        {"edit": {"result": "Success", "newrevid": "x", "oldrevid": 1, "newtimestamp": "y"}},
    ],
)
def test_an_answer_that_says_nothing_is_no_answer(data: Any) -> None:
    assert isinstance(become(data), Unknown)


def test_no_connection_is_no_edit() -> None:
    refused = Answer(arrived=False, lost="ConnectionError")
    assert outcome_of(refused, BASE, NOW) == Deferred(
        until=in_seconds(60), reason="unavailable", info="ConnectionError"
    )


@pytest.mark.parametrize("status", [301, 307, 400, 403, 404])
def test_a_server_that_keeps_the_request_to_itself_is_a_failure(status: int) -> None:
    assert become(status=status) == Failed(code=f"http-{status}", info="lost it")


def test_a_request_that_is_too_big_for_the_server_is_invalid() -> None:
    assert isinstance(become(status=413), Invalid)


@pytest.mark.parametrize("code", ["", "newcode-of-an-extension", "badtoken", "assertuserfailed"])
def test_any_other_error_has_failed(code: str) -> None:
    outcome = become(error(code))
    assert isinstance(outcome, Failed if code else Unknown)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        (" 7 ", 7),
        ("0.5", 0.5),
        ("-3", 0),
        ("Fri, 01 May 2026 12:00:30 GMT", 30),
        ("Fri, 01 May 2026 11:00:00 GMT", 0),
        ("999999999999999999999", LONGEST_RETRY_AFTER.total_seconds()),
        ("9" * 400, LONGEST_RETRY_AFTER.total_seconds()),
        ("Fri, 01 May 2099 12:00:30 GMT", LONGEST_RETRY_AFTER.total_seconds()),
        ("", None),
        ("soon", None),
        ("²", None),
        ("nan", None),
        ("Fri, 99 May 2026 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_has_an_end(said: str, seconds: float | None) -> None:
    wait = answer(status=503, retry_after=said).retry_after(NOW)
    assert (wait.total_seconds() if wait is not None else None) == seconds


@pytest.mark.parametrize("status", [0, 200, 502, 503])
def test_a_reader_comes_again_where_a_writer_does_not_know(status: int) -> None:
    trouble = unread(answer(status=status), NOW)
    assert isinstance(trouble, Deferred)
    assert trouble.reason == "unavailable"


def test_an_answer_can_be_used() -> None:
    assert unread(answer({"query": {}}), NOW) is None


def test_a_reader_may_be_refused() -> None:
    assert isinstance(unread(answer(error("readapidenied")), NOW), Refused)
    assert unread(answer(error("missingtitle")), NOW) == Failed(
        code="missingtitle", info="about missingtitle"
    )
