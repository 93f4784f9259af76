"""The error answers of the REST API, each in the shape that Wikibase 1.43 or MediaWiki gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sandbox.wikibase.refusals import Refusal

_STATUS = {
    "data-policy-violation": 422,
    "patched-statement-group-property-id-mismatch": 422,
    "patch-result-invalid-key": 422,
    "patch-result-invalid-value": 422,
    "patch-result-missing-field": 422,
    "patch-result-modified-read-only-value": 422,
    "patch-result-referenced-resource-not-found": 422,
    "patch-result-value-too-long": 422,
    "patch-target-not-found": 409,
    "patch-test-failed": 409,
    "permission-denied": 403,
    "redirected-item": 409,
    "request-limit-reached": 429,
    "resource-not-found": 404,
    "unexpected-error": 500,
}
"""Status by code; the codes that are not here are 400."""


class RestError(Exception):
    """A request that is answered with an error; `body` is its JSON, None for an empty answer."""

    def __init__(
        self, status: int, body: Mapping[str, Any] | None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = {} if headers is None else dict(headers)


def coded(code: str, message: str, **context: Any) -> RestError:
    """An error in Wikibase's own shape."""
    body: dict[str, Any] = {"code": code, "message": message}
    if context:
        body["context"] = context
    return RestError(_STATUS.get(code, 400), body, {"Content-Language": "en"})


def framework(status: int, *, headers: Mapping[str, str] | None = None, **fields: Any) -> RestError:
    """An error in the shape of MediaWiki's REST framework."""
    reason = HTTPStatus(status).phrase
    return RestError(status, {**fields, "httpCode": status, "httpReason": reason}, headers)


def worded(status: int, key: str, text: str) -> RestError:
    """A framework error with a message of MediaWiki's."""
    return framework(status, errorKey=key, messageTranslations={"en": text})


def not_found(kind: str) -> RestError:
    """There is no such item, property, statement, label and so on."""
    message = "The requested resource does not exist"
    return coded("resource-not-found", message, resource_type=kind)


def bad_path(parameter: str) -> RestError:
    """Something in the address is no id or no language."""
    message = f"Invalid path parameter: '{parameter}'"
    return coded("invalid-path-parameter", message, parameter=parameter)


def bad_query(parameter: str) -> RestError:
    """Something behind the question mark is unknown."""
    message = f"Invalid query parameter: '{parameter}'"
    return coded("invalid-query-parameter", message, parameter=parameter)


def denied(reason: str) -> RestError:
    """The account may not do that."""
    return coded("permission-denied", "Access to resource is denied", denial_reason=reason)


def violation(kind: str, **context: Any) -> RestError:
    """The edit breaks a rule over several fields or items."""
    message = "Edit violates data policy"
    return coded("data-policy-violation", message, violation=kind, violation_context=context)


def write_denied() -> RestError:
    """The account may not write, for a reason that Wikibase does not name."""
    return framework(403, error="rest-write-denied")


def unexpected() -> RestError:
    """What Wikibase did not foresee, a late edit conflict or a read-only wiki among it."""
    return coded("unexpected-error", "Unexpected error")


@dataclass(frozen=True)
class Faults:
    """How faults of a form are told: of what was sent (400), or of a patch's result (422)."""

    patched: bool

    def invalid(self, path: str, value: Any) -> RestError:
        """A value that cannot be there."""
        if self.patched:
            message = "Invalid value in patch result"
            return coded("patch-result-invalid-value", message, path=path, value=value)
        return coded("invalid-value", f"Invalid value at '{path}'", path=path)

    def invalid_key(self, path: str, key: str) -> RestError:
        """A key, such as a language, that cannot be there."""
        if self.patched:
            message = "Invalid key in patch result"
            return coded("patch-result-invalid-key", message, path=path, key=key)
        return coded("invalid-key", f"Invalid key '{key}' in '{path}'", path=path, key=key)

    def missing(self, path: str, field: str) -> RestError:
        """A field that has to be there."""
        if self.patched:
            message = "Required field missing in patch result"
            return coded("patch-result-missing-field", message, path=path, field=field)
        return coded("missing-field", "Required field missing", path=path, field=field)

    def too_long(self, path: str, limit: int) -> RestError:
        """A text over its limit."""
        if self.patched:
            message = "Patched value is too long"
            return coded("patch-result-value-too-long", message, path=path, limit=limit)
        return coded("value-too-long", "The input value is too long", path=path, limit=limit)

    def unknown(self, path: str, value: str) -> RestError:
        """A property or page that does not exist."""
        message = "The referenced resource does not exist"
        if self.patched:
            code = "patch-result-referenced-resource-not-found"
            return coded(code, message, path=path, value=value)
        return coded("referenced-resource-not-found", message, path=path)

    def wrong_group(self, path: str, group: str, prop: str) -> RestError:
        """A statement under another property's key."""
        code = "statement-group-property-id-mismatch"
        message = "Statement's Property ID does not match the Statement group key"
        context = {
            "path": path,
            "statement_group_property_id": group,
            "statement_property_id": prop,
        }
        return coded(f"patched-{code}" if self.patched else code, message, **context)


SENT = Faults(patched=False)
PATCHED = Faults(patched=True)


def of_refusal(refusal: Refusal) -> RestError:
    """The answer to an edit that the wiki refused, as opposed to a form that was wrong."""
    facts = refusal.facts
    match refusal.reason:
        case "blocked":
            return denied("blocked-user")
        case "protected":
            return denied("resource-protected")
        case "partially-blocked" | "missing-right":
            return write_denied()
        case "rate-limited":
            message = "Exceeded the limit of actions that can be performed in a given span of time"
            return coded("request-limit-reached", message, reason="rate-limit-reached")
        case "too-big":
            limit = facts["limit"] // 1024
            message = f"Edit resulted in a resource that exceeds the size limit of {limit} kB"
            return coded("resource-too-large", message, limit=limit)
        case "no-such-entity":
            return not_found("item" if str(facts["entity"]).startswith("Q") else "property")
        case "redirected":
            message = f"Item {facts['entity']} has been redirected to {facts['target']}."
            return coded("redirected-item", message, redirect_target=facts["target"])
        case "label-equals-description":
            return violation("label-description-same-value", language=facts["language"])
        case "label-description-conflict":
            return violation(
                "item-label-description-duplicate",
                language=facts["language"],
                conflicting_item_id=facts["entity"],
            )
        case "property-label-conflict":
            return violation(
                "property-label-duplicate",
                language=facts["language"],
                conflicting_property_id=facts["entity"],
            )
        case "sitelink-conflict":
            return violation(
                "sitelink-conflict", conflicting_item_id=facts["entity"], site_id=facts["site"]
            )
    return unexpected()
