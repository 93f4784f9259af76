"""What can go wrong between a client and a wiki, as facts that the fault proxy acts out."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Request:
    """A request as the proxy saw it: `number` counts from 1, `params` are those of query and form.

    Passwords and tokens are not among the params, and files that are uploaded neither.
    """

    number: int
    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def action(self) -> str:
        """The API action, or '' where the request is none of the Action API."""
        return self.params.get("action", "")


When = Callable[[Request], bool]
"""Which requests something is for."""

_WRITES = frozenset(("edit", "upload", "move", "delete", "protect", "rollback", "undelete"))
_WRITE_METHODS = frozenset(("PUT", "PATCH", "DELETE"))


def is_any(request: Request) -> bool:
    """Every request."""
    return True


def is_edit(request: Request) -> bool:
    """A page edit."""
    return request.method == "POST" and request.action == "edit"


def is_write(request: Request) -> bool:
    """A request that changes content: an edit, another writing action, or a REST write."""
    if request.method in _WRITE_METHODS:
        return True
    writes = request.action in _WRITES or request.action.startswith("wb")
    rest = request.path.split("?")[0].split("/rest.php/", 1)[1:]
    return request.method == "POST" and (bool(rest) or (writes and not _reads(request.action)))


def is_query(request: Request) -> bool:
    """A reading query."""
    return request.action == "query"


def is_login(request: Request) -> bool:
    """A log-in, by a bot password or by a person's."""
    return request.action in ("login", "clientlogin")


def _reads(action: str) -> bool:
    return action.startswith(("wbget", "wbsearch", "wbformat", "wbparse", "wbavailable"))


@dataclass(frozen=True)
class HttpError:
    """An error page in place of the answer, from a cache server before the wiki or from the wiki.

    Each fault with `saved` comes in two kinds: the wiki never got the request, or it carried it
    out and only its answer is replaced.
    """

    status: int = 503
    retry_after: int | None = 5
    saved: bool = False


@dataclass(frozen=True)
class Html:
    """A page of HTML with status 200, as login pages of networks and broken proxies give."""

    saved: bool = False


@dataclass(frozen=True)
class Timeout:
    """No answer until the client gives up."""

    saved: bool = False


@dataclass(frozen=True)
class Late:
    """The request reaches the wiki only after the client has given up, and `until` is set."""

    until: threading.Event | None = None

    @property
    def saved(self) -> bool:
        return True


@dataclass(frozen=True)
class Cut:
    """The connection ends without an answer."""

    saved: bool = False


@dataclass(frozen=True)
class Truncated:
    """Half of the wiki's answer, then the connection ends.

    `announced`: the headers tell the whole length, so that the client can see that some is
    missing; otherwise they tell the half's, and only the JSON is broken.
    """

    announced: bool = True

    @property
    def saved(self) -> bool:
        return True


@dataclass(frozen=True)
class SessionLost:
    """The wiki has forgotten the client's session: its cookies count no more until set anew."""

    @property
    def saved(self) -> bool:
        return True


@dataclass(frozen=True)
class ApiError:
    """An error of the Action API, made by the proxy; the wiki never gets the request.

    `details` are the error's further members (`lag`, `readonlyreason`).
    """

    code: str
    info: str
    details: Mapping[str, str | float] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def saved(self) -> bool:
        return False

    def body(self, formatversion: Literal["1", "2"], api_url: str) -> bytes:
        """The answer as `ApiMain::substituteResultWithError` gives it, in `errorformat=bc`."""
        usage = f"See {api_url} for API usage."
        last = {"docref" if formatversion == "2" else "*": usage}
        error = {"code": self.code, "info": self.info, **self.details, **last}
        return json.dumps({"error": error}).encode()


Fault = HttpError | Html | Timeout | Late | Cut | Truncated | SessionLost | ApiError


def maxlag(lag: float = 6.5, retry_after: int = 5) -> ApiError:
    """The wiki's databases lag behind (https://www.mediawiki.org/wiki/Manual:Maxlag_parameter)."""
    return ApiError(
        "maxlag",
        f"Waiting for a database server: {lag} seconds lagged.",
        {"host": "127.0.0.1", "lag": lag, "type": "db"},
        {"Retry-After": str(retry_after), "X-Database-Lag": str(int(lag))},
    )


def ratelimited() -> ApiError:
    """Too many edits for this account; the wiki does not say how long to wait."""
    return ApiError(
        "ratelimited", "You've exceeded your rate limit. Please wait some time and try again."
    )


def readonly(reason: str = "The database is being moved.") -> ApiError:
    """The wiki takes no edits for now."""
    return ApiError(
        "readonly", "The wiki is currently in read-only mode.", {"readonlyreason": reason}
    )


def badtoken() -> ApiError:
    """The edit's token is not, or no longer, the session's."""
    return ApiError("badtoken", "Invalid CSRF token.")


def editconflict() -> ApiError:
    """Somebody else changed the same lines since the base revision."""
    return ApiError("editconflict", "Edit conflict: [[:Page]].")
