"""The judge: reads what happened on a wiki, in order, and says what its bot did to people's edits.

It knows nothing of the bot but the name of its account: what is people's is what people did last.
What the bot itself made it may change and take away, for as long as nobody else has a hand in it;
from what is people's it takes at most its own reference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from bench.life.facts import (
    Deletion,
    Event,
    Lost,
    Permission,
    Revision,
    Rules,
    Told,
    Verdict,
)
from bench.life.ledger import Held, Ledger
from bench.life.snapshot import NOVALUE, RANK, VALUE, Claim, Key, Snapshot, snapshot

SETTLED = timedelta(hours=72)
"""What people did is told to the partner once it has stood so long."""
RUN = timedelta(hours=1)
"""A run tells what it has read, also where it then carries out a decision in the same slot, or
people edit there."""
DISAGREE = frozenset({"conflict", "corrected", "removed", "refuted"})
"""Kinds of findings that say that people said something else."""


def judge(events: Iterable[Event], rules: Rules) -> Verdict:
    """What is to be said of a life; the events in the order in which they happened."""
    case = Case(rules)
    for event in events:
        case.take(event)
    return case.verdict()


class Case:
    """A life as far as it has been heard."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.ledgers: dict[str, Ledger] = {}
        self._served: dict[str, set[str]] = {}
        """Identifier → the items that the bot has written to for it."""
        self._carried: dict[str, set[str]] = {}
        """Identifier → the items that have ever carried it."""
        self._allowed: Counter[tuple[str, str, str]] = Counter()
        """Item, slot and dataset → how many revisions people allowed."""
        self._carried_out: dict[tuple[str, str], datetime] = {}
        self._lost: list[Lost] = []
        self._doubles: list[Lost] = []
        self._items: list[Lost] = []
        self._false: list[Told] = []
        self._edits = 0
        self._peoples = 0

    def take(self, event: Event) -> None:
        """Hear what happened next."""
        match event:
            case Revision():
                self._revision(event)
            case Deletion(item=item, back=back):
                self._ledger(item).deleted = not back
                self._ledger(item).was_gone = True
                self._peoples += 1
            case Permission(item=item, slot=slot, dataset=dataset):
                self._allowed[item, slot, dataset] += 1
            case Told() if not self._is_true(event):
                self._false.append(event)

    def verdict(self) -> Verdict:
        """What is to be said so far."""
        return Verdict(
            tuple(self._lost),
            tuple(self._doubles),
            tuple(self._items),
            tuple(self._false),
            self._edits,
            self._peoples,
        )

    def _ledger(self, item: str) -> Ledger:
        return self.ledgers.setdefault(item, Ledger())

    def _revision(self, revision: Revision) -> None:
        ledger = self._ledger(revision.item)
        then = snapshot(revision.entity, self.rules)
        if revision.user in self.rules.ours:
            self._edits += 1
            OurEdit(self, ledger, then, revision).judge()
        else:
            self._peoples += 1
            merged = self._merged_into(revision)
            ledger.people_edit(then, revision.time, merged)
        ledger.was_gone |= bool(revision.redirect)
        for identifier in then.identifiers(self.rules.identifier):
            ledger.had_identifier = True
            self._carried.setdefault(identifier, set()).add(revision.item)

    def _merged_into(self, revision: Revision) -> Ledger | None:
        """The item that was merged into this one by this revision, already emptied."""
        action, _, rest = revision.comment.partition(":")
        if action != "/* wbmergeitems-from":
            return None
        return self.ledgers.get(rest.removesuffix(" */").split(" */")[0].rpartition("|")[2])

    def _is_true(self, told: Told) -> bool:
        ledger = self.ledgers.get(told.item)
        if ledger is None:
            return False
        if told.kind in DISAGREE:
            before = told.time - SETTLED if told.settled else told.time
            decided = self._carried_out.get((told.item, told.slot))
            just_now = decided is not None and told.time - decided < RUN
            return just_now or ledger.edited_by_people(told.slot, before, told.time - RUN)
        return ledger.knows(told.slot)

    def lost(self, revision: Revision, slot: str, how: str) -> bool:
        """Note a loss, unless a person had allowed it; whether it was noted."""
        if self._permission(revision, slot):
            return False
        self._lost.append(Lost(revision.id, revision.item, slot, how))
        return True

    def double_statement(self, revision: Revision, slot: str) -> None:
        self._doubles.append(Lost(revision.id, revision.item, slot, "said twice"))

    def double_item(self, revision: Revision, identifier: str) -> None:
        how = f"a second item for {identifier}"
        self._items.append(Lost(revision.id, revision.item, self.rules.identifier, how))

    def use_up(self, revision: Revision, slots: set[str]) -> None:
        """A permission holds for one revision."""
        for slot in slots:
            if used := self._permission(revision, slot):
                self._carried_out[used[:2]] = revision.time
                self._allowed[used] -= 1

    def _permission(self, revision: Revision, slot: str) -> tuple[str, str, str] | None:
        """What people allowed in this slot that this revision may be meant by."""
        for item, allowed, dataset in self._allowed:
            if (item, allowed) != (revision.item, slot) or not self._allowed[item, slot, dataset]:
                continue
            if not dataset or f"/task/{dataset}|" in revision.comment:
                return item, slot, dataset
        return None

    def others_with(self, identifier: str, item: str) -> list[Ledger]:
        """Other items that have this identifier, or had it when they were deleted.

        A deleted one that the bot has never seen is unknown to everybody but administrators.
        """
        name, served = self.rules.identifier, self.served(identifier)
        return [
            ledger
            for other in self._carried.get(identifier, set()) - {item}
            if identifier in (ledger := self.ledgers[other]).now.identifiers(name)
            if other in served or not ledger.deleted
        ]

    def served(self, identifier: str) -> set[str]:
        """The items that the bot has written to for this identifier."""
        return self._served.setdefault(identifier, set())


class OurEdit:
    """One revision of the bot, judged against the item as it stood."""

    def __init__(self, case: Case, ledger: Ledger, then: Snapshot, revision: Revision) -> None:
        self.case = case
        self.rules = case.rules
        self.ledger = ledger
        self.before = ledger.now
        self.then = then
        self.revision = revision
        self.touched: set[str] = set()

    def judge(self) -> None:
        """Judge it, and take it down."""
        self._identity()
        owned = {held.claim.slot for held in self.ledger.standing() if held.wholly_ours}
        for guid in self.before.claims:
            if guid not in self.then.claims:
                self._removed(self.ledger.held[guid])
        for guid, claim in self.then.claims.items():
            if guid in self.before.claims:
                self._kept(self.ledger.held[guid], claim)
        for guid, claim in self.then.claims.items():
            if guid not in self.before.claims:
                self._added(claim, owned)
        self._terms()
        self.ledger.now = self.then
        self.case.use_up(self.revision, self.touched)

    def _lose(self, slot: str, how: str) -> bool:
        self.touched.add(slot)
        return self.case.lost(self.revision, slot, how)

    # the item

    def _identity(self) -> None:
        name, item = self.rules.identifier, self.revision.item
        had, has = self.before.identifiers(name), self.then.identifiers(name)
        taken = any(
            held.part(key).last == "people"
            for held in self.ledger.held.values()
            for key in (VALUE, RANK)
            if held.claim.property == name
        )
        if self.ledger.had_identifier and not had and taken:
            self._lose(name, "written to though people took its identifier away")
        for identifier in sorted(has - had):
            others = self.case.others_with(identifier, item)
            if others or self.case.served(identifier) - {item}:
                self.case.double_item(self.revision, identifier)
            if any(other.deleted for other in others):
                self._lose(name, "made again after people had deleted it")
        for identifier in has:
            self.case.served(identifier).add(item)

    # statements

    def _removed(self, held: Held) -> None:
        slot = held.claim.property
        self.touched.add(slot)
        if not held.part(VALUE).ours:
            self._lose(slot, "people's statement removed")
        elif held.peoples():
            self._lose(slot, "a statement removed in which people had a hand")
        self._foreign_reference(slot, held.claim.parts)
        for part in held.parts.values():
            part.by_us(None, self.revision.time)

    def _kept(self, held: Held, claim: Claim) -> None:
        slot, was = claim.property, held.claim
        changed = held.changed(claim.parts)
        if changed:
            self.touched.add(slot)
        blamed = False
        for key in changed:
            others = held.peoples(but=key)
            if held.set(key, claim.parts.get(key), self.revision.time):
                self._lose(slot, f"people's {' '.join(key).strip()} undone")
                blamed = True
            elif key[0] != "reference" and others and not blamed:
                blamed = True
                self._lose(slot, f"{key[0]} changed in a statement in which people had a hand")
        held.claim = claim
        self._foreign_reference(slot, changed)
        if (was.slot, was.value) != (claim.slot, claim.value):
            self._said(claim)

    def _added(self, claim: Claim, owned: set[tuple[str, ...]]) -> None:
        held = self.ledger.held.setdefault(claim.id, Held(claim))
        for key in held.changed(claim.parts):
            held.set(key, claim.parts.get(key), self.revision.time)
        held.claim = claim
        self.touched.add(claim.property)
        self._foreign_reference(claim.property, claim.parts)
        if self._said(claim) or claim.slot in owned:
            return
        if claim.property not in self.rules.single or not claim.alive:
            return
        if any(self._stands_against(other, claim) for other in self.ledger.standing()):
            self._lose(claim.property, "another value put beside people's")
        elif any(slot == claim.slot for slot, _ in self.ledger.taken):
            self._lose(claim.property, "filled again after people had taken our value away")

    def _said(self, claim: Claim) -> bool:
        """Judge that the bot now says this value; whether it was blamed."""
        blamed = False
        if self.ledger.taken.pop((claim.slot, claim.value), None):
            blamed = self._lose(claim.property, "brought back after people had taken it away")
        twins = [other for other in self.then.claims.values() if self._is_twin(other, claim)]
        if twins:
            self.case.double_statement(self.revision, claim.property)
        if any(self._refutes(twin) for twin in twins):
            self._lose(claim.property, "said again beside people's deprecated statement")
            blamed = True
        elif any(self._denies(other, claim) for other in self.ledger.standing()):
            self._lose(claim.property, "said though people say that there is none")
            blamed = True
        return blamed or bool(twins)

    def _is_twin(self, other: Claim, claim: Claim) -> bool:
        end = self.rules.end
        return (
            other.id != claim.id
            and (other.slot, other.value) == (claim.slot, claim.value)
            and other.qualifier(end) == claim.qualifier(end)
        )

    def _refutes(self, twin: Claim) -> bool:
        held = self.ledger.held.get(twin.id)
        return held is not None and not twin.alive and held.part(RANK).peoples

    def _denies(self, other: Held, claim: Claim) -> bool:
        """Who says that there is none without the keys of a slot says it of all slots."""
        said = other.claim
        return (
            said.property == claim.property
            and (said.slot == claim.slot or not said.is_keyed)
            and said.value == NOVALUE
            and said.alive
            and other.part(VALUE).peoples
            and said.id in self.then.claims
        )

    def _stands_against(self, other: Held, claim: Claim) -> bool:
        """Whether it is people's, alive, in the same slot, and says another value."""
        ended = other.part(("qualifier", self.rules.end))
        return (
            other.claim.id != claim.id
            and other.claim.slot == claim.slot
            and other.claim.alive
            and other.claim.id in self.then.claims
            and other.peoples()
            and not (other.part(VALUE).ours and ended.ours)
        )

    def _foreign_reference(self, slot: str, keys: Iterable[Key]) -> None:
        """Our references name the record: it has to be the one whose identifier the item has."""
        name = self.rules.identifier
        known = {f"{name}={value}" for value in self.before.identifiers(name)}
        for kind, about in keys:
            cited = {line for line in about.split(" ") if line.startswith(f"{name}=")}
            if kind == "reference" and known and cited and not cited & known:
                self._lose(slot, "edited for another record than the item's")
                return

    # terms

    def _terms(self) -> None:
        for key in sorted({*self.ledger.terms, *self.then.terms}):
            text = self.then.terms.get(key)
            part = self.ledger.term(key)
            state = None if text is None else (text,)
            if state == part.state:
                continue
            slot = "/".join(key[:2])
            self.touched.add(slot)
            if part.by_us(state, self.revision.time):
                self._lose(slot, f"people's {key[0]} undone")
