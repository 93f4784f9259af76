"""Who may do what: users, bot passwords, sessions, tokens, blocks and rate limits, in memory."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sandbox.wikibase.settings import CONFIRMED, EVERYONE, USERS, Settings, words
from sandbox.wikibase.state import Author

BASIC = frozenset({"autoconfirmed", "autopatrol", "editsemiprotected", "nominornewtalk", "read"})
HIGH_VOLUME = frozenset({"bot", "apihighlimits", "noratelimit", "markbotedits"})
NO_GRANT_GIVES = frozenset({"editmyprivateinfo", "editmyuserjsredirect", "userrights"})
GRANTS = {
    "basic": BASIC,
    "highvolume": HIGH_VOLUME,
    "editpage": words(
        """edit minoredit applychangetags changetags item-term property-term item-merge
        item-redirect"""
    ),
    "createeditmovepage": words(
        """createpage createtalk move move-subpages move-rootuserpages move-categorypages
        suppressredirect property-create"""
    ),
    "delete": frozenset({"delete", "undelete", "deletedhistory", "browsearchive"}),
    "protect": frozenset({"protect", "editprotected"}),
    "blockusers": frozenset({"block", "unblockself"}),
    "rollback": frozenset({"rollback"}),
}
"""What a grant of a bot password lets through, beside its groups' rights; `all` is everything."""
NO_TOKEN = "+\\"  # noqa: S105
"""The CSRF token of whoever is not logged in."""


@dataclass(frozen=True)
class User:
    """An account; `groups` without those that everyone has."""

    id: int
    name: str
    password: str
    groups: tuple[str, ...]
    bot_passwords: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    """Name after the @ → its password and its grants."""


@dataclass(frozen=True)
class Session:
    """Whose request this is, and what they may do in it."""

    name: str
    user: User | None
    ip: str
    groups: tuple[str, ...]
    rights: frozenset[str]
    key: str = ""
    """The session cookie's value."""

    @property
    def author(self) -> Author:
        """Under which name edits are saved: the IP address where nobody is logged in."""
        return Author(self.user.id if self.user else 0, self.name)


@dataclass(frozen=True)
class Block:
    """A block of a user or an IP address; `pages` are full titles where it is only partial."""

    id: int
    target: str
    by: str
    reason: str
    time: datetime
    expiry: datetime | None
    pages: tuple[str, ...] = ()
    autoblock: bool = False
    allow_account_creation: bool = True
    anonymous_only: bool = False


@dataclass
class _Login:
    user: User | None = None
    grants: frozenset[str] | None = None
    secret: str = field(default_factory=lambda: secrets.token_hex(20))


class Accounts:
    """The accounts of one stand-in."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.blocks: list[Block] = []
        self._users: dict[str, User] = {}
        self._logins: dict[str, _Login] = {}
        self._hits: dict[tuple[str, str, str], deque[datetime]] = {}
        self._lock = threading.RLock()
        self._block_number = 0
        self.add("Admin", "adminpass-1234", "sysop", "bureaucrat")

    def add(self, name: str, password: str, *groups: str) -> User:
        """Make an account, or give an existing one another password and other groups."""
        with self._lock:
            there = self._users.get(name)
            number = there.id if there else len(self._users) + 1
            self._users[name] = User(number, name, password, groups)
            return self._users[name]

    def regroup(self, name: str, groups: Iterable[str]) -> None:
        """Put an account into these groups, and into no others."""
        with self._lock:
            self._users[name] = replace(self._users[name], groups=tuple(groups))

    def add_bot_password(
        self, name: str, label: str, password: str, grants: Iterable[str] = ("all",)
    ) -> str:
        """Give an account a bot password; the name to log in with, such as HubBot@hub."""
        self._users[name].bot_passwords[label] = (password, frozenset(grants))
        return f"{name}@{label}"

    def get(self, name: str) -> User | None:
        """The account with a name."""
        return self._users.get(name)

    def by_id(self, number: int) -> User | None:
        """The account with a number."""
        return next((user for user in self._users.values() if user.id == number), None)

    # sessions

    def open_session(self) -> str:
        """A new session, in which nobody is logged in; its key, for the cookie."""
        with self._lock:
            key = secrets.token_urlsafe(24)
            self._logins[key] = _Login()
            return key

    def known(self, key: str) -> bool:
        """Whether there is such a session."""
        return key in self._logins

    def login(
        self, key: str, name: str, password: str, *, bot_passwords: bool = True
    ) -> User | None:
        """Log somebody in on a session, with the main password or a bot password."""
        account, _, label = name.partition("@")
        user = self._users.get(account[:1].upper() + account[1:].replace("_", " "))
        if user is None or not self.known(key):
            return None
        grants: frozenset[str] | None = None
        wanted = user.password
        if label:
            if not bot_passwords or label not in user.bot_passwords:
                return None
            wanted, grants = user.bot_passwords[label]
        if not hmac.compare_digest(wanted.encode(), password.encode()):
            return None
        self._logins[key] = _Login(user, grants)
        return user

    def logout(self, key: str) -> None:
        """Log out, and forget the session."""
        self._logins.pop(key, None)

    def log_everybody_out(self) -> None:
        """Lose every session, as a real wiki does when its cache is emptied."""
        self._logins.clear()

    def session(self, key: str, ip: str) -> Session:
        """Who a request with this session cookie is from; a key that is not known is nobody's."""
        login = self._logins.get(key)
        user = login.user if login else None
        if login is None or user is None:
            rights = frozenset(self.settings.group_rights[EVERYONE])
            return Session(ip, None, ip, (EVERYONE,), rights, key if login else "")
        user = self._users.get(user.name, user)
        groups = (*user.groups, EVERYONE, USERS, CONFIRMED)
        rights = self.rights(user)
        if login.grants is not None:
            rights &= _granted(login.grants, rights)
        return Session(user.name, user, ip, groups, rights, key)

    def rights(self, user: User) -> frozenset[str]:
        """What an account may do when logged in with its main password."""
        groups = (*user.groups, EVERYONE, USERS, CONFIRMED)
        return frozenset().union(*(self.settings.group_rights.get(name, ()) for name in groups))

    def token(self, session: Session, kind: str = "csrf") -> str:
        """A session's token of a kind: csrf, login, patrol, rollback, watch, …"""
        login = self._logins.get(session.key)
        if login is None or (kind != "login" and login.user is None):
            return NO_TOKEN
        digest = hmac.new(login.secret.encode(), kind.encode(), hashlib.sha256).hexdigest()
        return f"{digest[:40]}{NO_TOKEN}"

    # blocks

    def block(
        self,
        target: str,
        reason: str = "",
        *,
        by: str = "Admin",
        hours: float | None = 24,
        pages: Iterable[str] = (),
        autoblock: bool = False,
    ) -> Block:
        """Block a user or an IP address, from some pages only if any are named."""
        with self._lock:
            self.unblock(target)
            self._block_number += 1
            now = datetime.now(UTC).replace(microsecond=0)
            expiry = now + timedelta(hours=hours) if hours is not None else None
            made = Block(
                self._block_number, target, by, reason, now, expiry, tuple(pages), autoblock
            )
            self.blocks.append(made)
            return made

    def unblock(self, target: str) -> bool:
        """Lift the block of a user or an IP address, and the autoblocks that came of it."""
        before = len(self.blocks)
        self.blocks = [b for b in self.blocks if target not in (b.target, f"#{b.id}")]
        return len(self.blocks) < before

    def block_of(self, session: Session) -> Block | None:
        """The block that binds a request, if there is one."""
        names = {session.name, session.ip}
        now = datetime.now(UTC)
        for block in self.blocks:
            live = block.expiry is None or block.expiry > now
            ip_only = block.target == session.ip and block.anonymous_only and session.user
            if live and block.target in names and not ip_only:
                return block
        return None

    # rate limits

    def limits(self, session: Session) -> dict[str, dict[str, tuple[int, int]]]:
        """The rate limits that bind a session, as settings.rate_limits has them."""
        if "noratelimit" in session.rights:
            return {}
        classes = ("user",) if session.user else ("anon", "ip")
        found = {}
        for action, limits in self.settings.rate_limits.items():
            bound = {name: limits[name] for name in classes if name in limits}
            if bound:
                found[action] = bound
        return found

    def over_limit(self, session: Session, action: str) -> bool:
        """Count one more try of an action, and say whether it is one too many."""
        with self._lock:
            over = False
            now = datetime.now(UTC)
            for name, (hits, seconds) in self.limits(session).get(action, {}).items():
                tries = self._hits.setdefault((session.name, action, name), deque())
                while tries and tries[0] <= now - timedelta(seconds=seconds):
                    tries.popleft()
                if len(tries) >= hits:
                    over = True
                else:
                    tries.append(now)
            return over


def _granted(grants: frozenset[str], rights: frozenset[str]) -> frozenset[str]:
    if "all" in grants:
        return rights - NO_GRANT_GIVES
    return BASIC.union(*(GRANTS.get(name, frozenset()) for name in grants))
