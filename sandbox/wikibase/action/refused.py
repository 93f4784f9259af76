"""The Action API's words for what the stand-in refuses."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.wikibase.action.errors import ApiError, Message, external, link
from sandbox.wikibase.refusals import BadTerm, BadValue, Refusal
from sandbox.wikibase.state import place_of

if TYPE_CHECKING:
    from sandbox.wikibase.accounts import Block
    from sandbox.wikibase.action.call import Call

_GROUPS = {"*": "*", "user": "Users", "bot": "Bots", "sysop": "Administrators"}
_VALIDATORS = {
    "no-such-media": 'The file "{}" does not exist on [https://commons.wikimedia.org/ Wikimedia'
    " Commons].",
    "url-scheme-missing": 'This URL misses a scheme like "https://": {}',
    "bad-url-scheme": 'An URL scheme "{}" is not supported.',
    "bad-url": "Malformed URL: {}",
    "bad-http-url": "Malformed HTTP URL: {}",
    "too-short": "Must be at least one character long",
    "too-long": "Must be no more than {} characters long",
    "label-too-long": "Label must be no more than {} characters long",
    "description-too-long": "Description must be no more than {} characters long",
    "alias-too-long": "Alias must be no more than {} characters long",
    "malformed-value": "Malformed input: {}",
    "bad-entity-type": "Unexpected entity type {}",
    "no-such-entity": "{} not found",
    "no-such-property": "Property {} not found",
    "not-a-language": '"{}" is not a known language code.',
    "not-allowed": "Illegal value: {}",
    "bad-prefix": "⧼wikibase-validator-bad-prefix⧽",
    "bad-value": "Data value corrupt: {}",
    "bad-value-type": "Bad value type {}, expected {}",
    "label-equals-description": "Label and description for language code {} can not have the same"
    " value.",
    "label-with-description-conflict": 'Item {2} already has label "{0}" associated with language'
    " code {1}, using the same description text.",
    "label-conflict": 'Property {2} already has label "{0}" associated with language code {1}.',
}
THROTTLED = Message(
    "actionthrottledtext",
    "As an anti-abuse measure, you are limited from performing this action too many times in a"
    " short space of time, and you have exceeded this limit.\nPlease try again in a few minutes.",
    code="ratelimited",
)
FAILED_SAVE = Message("wikibase-api-failed-save", "The save has failed.")
_CONFLICT = (
    Message("wikibase-api-editconflict", "Edit conflict. Could not patch the current revision."),
    Message("edit-conflict", "Edit conflict."),
)
_DENIED = Message(
    "wikibase-api-permissiondenied",
    "You do not have the permissions needed to carry out this action.",
)


def explained(refusal: Refusal, call: Call) -> ApiError:
    """The error that the Action API answers with."""
    if isinstance(refusal, BadValue):
        return _bad_value(refusal, call)
    if isinstance(refusal, BadTerm):
        return _bad_term(refusal, call)
    facts = refusal.facts
    match refusal.reason:
        case "no-such-entity":
            words = "⧼no-such-entity⧽"
            return ApiError.wikibase(
                "no-such-entity", Message("no-such-entity", words, (facts["entity"],))
            )
        case "no-such-revision":
            message = Message("wikibase-api-nosuchrevid", "Revision with ID not found.")
            return ApiError.wikibase("nosuchrevid", message)
        case "edit-conflict" | "late-conflict" | "clear-conflict":
            whole = refusal.reason != "clear-conflict" or call.wikibase.settings.version < "1.40"
            return ApiError.status("editconflict", *(_CONFLICT if whole else _CONFLICT[:1]))
        case "missing-right":
            return denied(call, *(missing_right(name, call) for name in facts["missing"]))
        case "blocked" | "partially-blocked":
            error = denied(call, blocked_text(facts["block"], call))
            told = {"blockinfo": block_facts(facts["block"], call)}
            error.more.append(("blocked", "You have been blocked from editing.", told))
            return error
        case "protected":
            return denied(call, _protected(facts["level"]))
        case "rate-limited":
            return ApiError.status("failed-save", FAILED_SAVE, THROTTLED)
        case "unknown-tag":
            tag = facts["tag"]
            words = f'The tag "{tag}" is not allowed to be manually applied.'
            return ApiError("badtags", words, disallowedtags=[tag])
        case "too-big":
            return _too_big(facts["limit"])
        case "label-equals-description":
            message = validator("label-equals-description", call, facts["language"])
            return ApiError.wikibase("modification-failed", message)
        case "label-description-conflict":
            return ApiError.wikibase(
                "modification-failed", _conflict("label-with-description-conflict", facts, call)
            )
        case "property-label-conflict":
            message = _conflict("label-conflict", facts, call)
            return ApiError.status("failed-save", FAILED_SAVE, message)
        case "sitelink-conflict":
            return ApiError.status("failed-save", FAILED_SAVE, _sitelink(facts, call))
        case "modification":
            words = facts["words"]
            message = Message("wikibase-api-modification-failed", words, (words,))
            return ApiError.wikibase("modification-failed", message)
        case other:
            return ApiError("failed-modify", f"Attempted modification failed: {other}")


def page_link(entity: str) -> str:
    """An entity in wikitext, as Wikibase puts it into messages."""
    return f"[[{place_of(entity)[1]}|{entity}]]"


def validator(name: str, call: Call, *parameters: Any) -> Message:
    """One of Wikibase's validator messages."""
    words = _VALIDATORS.get(name, f"⧼wikibase-validator-{name}⧽")
    return Message(
        f"wikibase-validator-{name}",
        words.format(*parameters),
        parameters,
        code=f"wikibase-validator-{name}",
        missing=_missing(call, parameters),
    )


def _missing(call: Call, parameters: tuple[Any, ...]) -> frozenset[str]:
    titles = [p[2:].partition("|")[0] for p in parameters if str(p).startswith("[[")]
    return frozenset(title for title in titles if not _there(call, title))


def _there(call: Call, title: str) -> bool:
    page = call.wikibase.state.page_titled(title)
    return page is not None and not page.deleted


def _conflict(name: str, facts: dict[str, Any], call: Call) -> Message:
    return validator(name, call, facts["label"], facts["language"], page_link(facts["entity"]))


def _bad_value(bad: BadValue, call: Call) -> ApiError:
    facts = bad.facts
    match bad.reason:
        case "not-a-property":
            words = f"'{facts['given']}' is not a property ID"
            return _invalid_claim(words)
        case "malformed":
            return _invalid_claim(facts["error"])
        case "unreadable":
            message = validator("bad-value", call, facts["error"])
        case "wrong-type":
            message = validator("bad-value-type", call, facts["given"], facts["wanted"])
        case "no-such-property":
            message = validator("no-such-property", call, page_link(facts["property"]))
        case _:
            name = facts["message"].removeprefix("wikibase-validator-")
            message = validator(name, call, *facts["parameters"])
    return ApiError.wikibase("modification-failed", message)


def _invalid_claim(words: str) -> ApiError:
    return ApiError.wikibase(
        "invalid-claim", Message("wikibase-api-invalid-claim", words, (words,))
    )


def _bad_term(bad: BadTerm, call: Call) -> ApiError:
    if bad.reason == "bad-language":
        words = "The supplied language code was not recognized."
        message = Message("wikibase-api-not-recognized-language", words)
        return ApiError.wikibase("not-recognized-language", message)
    name = bad.facts["message"].removeprefix("wikibase-validator-")
    message = validator(name, call, *bad.facts["parameters"])
    return ApiError.wikibase("modification-failed", message)


def _too_big(limit: int) -> ApiError:
    words = f"The entity is too big. The maximum allowed entity size is {limit // 2**20} MB."
    return ApiError.status(
        "rawmessage",
        Message("wikibase-api-", words, (words,)),
        Message(
            "wikibase-error-entity-too-big",
            words,
            ({"size": limit},),
            "wikibase-error-entity-too-big",
        ),
    )


def _sitelink(facts: dict[str, Any], call: Call) -> Message:
    shown = f"{facts['site']}:{facts['title']}"
    address = sitelink_url(call, facts["site"], facts["title"])
    entity = facts["entity"]
    there = link(entity, entity, missing=False)
    return Message(
        "wikibase-validator-sitelink-conflict",
        f"The link {shown} is already used by Item {entity}.",
        (f"[{address} {shown}]", page_link(entity)),
        code="wikibase-validator-sitelink-conflict",
        html=f"The link {external(address, shown)} is already used by Item {there}. You may remove"
        f" it from {there} if it does not belong there or merge the Items if they are about the"
        " exact same topic.",
    )


def sitelink_url(call: Call, site: str, title: str) -> str:
    """The address of a page on a site; the sites are this wiki where nothing else is set."""
    base = call.wikibase.settings.sites.get(site) or f"{call.wikibase.url}/wiki/"
    return base + title.replace(" ", "_")


# permissions


def denied(call: Call, *why: Message) -> ApiError:
    """Wikibase's own "permission denied", with why."""
    return ApiError.status("permissiondenied", _DENIED, *why)


def missing_right(right: str, call: Call) -> Message:
    """Which groups have a right."""
    if right == "createpage" and call.session.user:
        words = "You do not have permission to create new pages."
        return Message("nocreate-loggedin", words, code="cantcreate")
    words, parameters, missing = group_words(right, call)
    return Message("badaccess-groups", words, parameters, code="permissiondenied", missing=missing)


def group_words(right: str, call: Call) -> tuple[str, tuple[Any, ...], frozenset[str]]:
    """The words, parameters and red links of "limited to users in the group"."""
    settings = call.wikibase.settings
    having = [name for name in _GROUPS if right in settings.group_rights.get(name, ())]
    titles = [f"{settings.site_name}:{_GROUPS[name]}" for name in having]
    links = [
        name if name == "*" else f"[[{title}|{_GROUPS[name]}]]"
        for name, title in zip(having, titles, strict=True)
    ]
    listed = ", ".join(links)
    which = "in the group" if len(links) == 1 else "in one of the groups"
    words = f"The action you have requested is limited to users {which}: {listed}."
    missing = frozenset(title for title in titles if not _there(call, title))
    return words, (listed, len(links)), missing


def _protected(level: str) -> Message:
    words = "This page has been protected to prevent editing or other actions."
    right = {"sysop": "editprotected", "autoconfirmed": "editsemiprotected"}.get(level, level)
    return Message("protectedpagetext", words, (right, "edit"), code="protectedpage")


def _isolated(text: str) -> str:
    return f"\u202a{text}\u202c"


def clock(moment: datetime | None) -> str:
    """A time as MediaWiki tells it in English."""
    if moment is None:
        return "infinite"
    return f"{moment:%H:%M}, {moment.day} {moment:%B %Y}"


def blocked_text(block: Block, call: Call) -> Message:
    """Everything that a blocked user is told."""
    site = call.wikibase.settings.site_name
    by, target = _isolated(block.by), _isolated(block.target)
    admin = f"[[User:{block.by}|{by}]]"
    start, end = clock(block.time), clock(block.expiry)
    text = (
        f"Your username or IP address has been blocked. The block was made by {admin}. The reason"
        f" given is {block.reason}. * Start of block: {start} * Expiration of block: {end}"
        f" * Intended blockee: {target} You can contact {admin} or another"
        f" [[{site}:Administrators|administrator]] to discuss the block. You can use the"
        ' "Email this user" feature if a valid email address is specified in your'
        " [[Special:Preferences|preferences]] and you have not been blocked from using it. Your"
        f" current IP address is {call.session.ip}, and the block ID is #{block.id}. Please include"
        " all above details in any queries you make."
    )
    parameters = (admin, block.reason, call.session.ip, by, block.id, end, target, start)
    return Message("blockedtext", text, parameters, "blocked", _blocked_html(block, call))


def _blocked_html(block: Block, call: Call) -> str:
    site = call.wikibase.settings.site_name
    by = link(f"User:{block.by}", _isolated(block.by), not _there(call, f"User:{block.by}"))
    title = f"{site}:Administrators"
    admins = link(title, "administrator", not _there(call, title))
    preferences = link("Special:Preferences", "preferences", missing=False)
    target = _isolated(block.target)
    return (
        "<p><strong>Your username or IP address has been blocked.</strong>\n</p>"
        f"<p>The block was made by {by}.\nThe reason given is <em>{block.reason}</em>.\n</p>\n"
        f"<ul><li>Start of block: {clock(block.time)}</li>\n"
        f"<li>Expiration of block: {clock(block.expiry)}</li>\n"
        f"<li>Intended blockee: {target}</li></ul>\n"
        f"<p>You can contact {by} or another {admins} to discuss the block.\nYou can use the"
        ' "Email this user" feature if a valid email address is specified in your'
        f" {preferences} and you have not been blocked from using it.\nYour current IP address is"
        f" {call.session.ip}, and the block ID is #{block.id}.\nPlease include all above details in"
        " any queries you make.\n</p>"
    )


def block_facts(block: Block, call: Call) -> dict[str, Any]:
    """A block as userinfo and action=edit tell it."""
    by = call.wikibase.accounts.get(block.by)
    expiry = f"{block.expiry:%Y-%m-%dT%H:%M:%SZ}" if block.expiry else "infinite"
    return {
        "blockid": block.id,
        "blockedby": block.by,
        "blockedbyid": by.id if by else 0,
        "blockreason": block.reason,
        "blockedtimestamp": f"{block.time:%Y-%m-%dT%H:%M:%SZ}",
        "blockexpiry": expiry,
        "blockpartial": bool(block.pages),
        "blocknocreate": not block.allow_account_creation,
        "blockanononly": block.anonymous_only,
        "blockedtimestampformatted": clock(block.time),
        "blockexpiryformatted": clock(block.expiry),
        "blockexpiryrelative": clock(block.expiry),
    }
