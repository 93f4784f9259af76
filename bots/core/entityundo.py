"""What an edit of ours did to an entity, taken back as far as nobody has changed it since: pure.

People win. What somebody touched after our edit stays as it is, and is told:

- A statement that we added goes while it says exactly what we left. Where people added a reference
  or set its rank, it is theirs: our references alone go. Where they changed what it says, or
  deprecated it, it is left whole.
- A value, qualifier or rank that we set goes back while the statement is as we left it. Where
  people added a reference to our value, the value stays: their source was cited for it.
- A reference that we added goes wherever it stands under what it was added to; one that we took
  away comes back there, unless people took away or changed what we put in its place.
- A statement that we removed comes back, unless the property says by now what it did not then, or
  people kept what we had put in its place.
- A term goes back while it is as we left it; an alias goes, or comes back, by itself.

What a later edit of ours changed is left like people's: that edit is not the one to take back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bots.core.entitychange import snak_text
from bots.core.merge.facts import Rank
from bots.core.wikibase.change import EntityPatch
from bots.core.wikibase.difference import difference, missing, says
from bots.core.wikibase.equality import (
    canonical_reference,
    canonical_snak,
    canonical_statement,
)
from bots.core.wikibase.model import Entity, Reference, Statement

Why = Literal["changed", "kept", "gone", "another", "beside"]
"""Why something is left: people changed it; made it their own, so that only our reference went;
removed it; put another in its place; or it belongs to something that is left."""


@dataclass(frozen=True)
class Step:
    """One edit of ours: the entity just before it, and just after."""

    before: Entity
    after: Entity


@dataclass(frozen=True)
class Left:
    """What is not taken back, and why.

    `place` is the property's id, or a term's place, such as `label/en`; `statement` the id of the
    statement in question, "" for terms; `said` what we left there, for people.
    """

    place: str
    why: Why
    said: str = ""
    statement: str = ""


@dataclass(frozen=True)
class Undone:
    """`patch` takes back what can be, on top of the entity as it is now; `left` is the rest.

    `places`, named as in `Left` (and `alias/en`), are those where all that our edits did stood as
    we left it until now, and is taken back.
    """

    patch: EntityPatch
    left: tuple[Left, ...]
    places: frozenset[str]


def undo(steps: Iterable[Step], now: Entity) -> Undone:
    """Take back these edits of ours, given the newest first, in one patch."""
    wanted, left = now, dict[tuple[str, str], Left]()
    places, moved = set[str](), set[str]()
    for step in steps:
        for place, stands in _places(step, wanted):
            (places if stands else moved).add(place)
        work = _Work(step, wanted)
        wanted = work.done()
        for each in work.left:
            left.setdefault((each.place, each.statement or each.said), each)
            moved.add(each.place)
    return Undone(difference(now, wanted), tuple(left.values()), frozenset(places - moved))


@dataclass
class _Work:
    """One step being taken back; `kept` are properties of which people kept what we added."""

    step: Step
    now: Entity
    left: list[Left] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)

    def done(self) -> Entity:
        """The entity without the step."""
        statements = {each.id: each for each in self.now.all_statements()}
        before, after = self.step.before, self.step.after
        for added in after.all_statements():
            if before.statement(added.id) is None and added.id in statements:
                self._take_out(added, statements)
        for old in before.all_statements():
            new = after.statement(old.id)
            if new is not None and says(new) != says(old):
                self._set_back(old, new, statements)
        for old in before.all_statements():
            if after.statement(old.id) is None:
                self._bring_back(old, statements)
        groups: dict[str, list[Statement]] = {}
        for statement in statements.values():
            groups.setdefault(statement.property, []).append(statement)
        return replace(
            self.now,
            labels=self._terms("label", before.labels, after.labels, self.now.labels),
            descriptions=self._terms(
                "description", before.descriptions, after.descriptions, self.now.descriptions
            ),
            aliases=_aliases(before, after, self.now),
            statements={name: tuple(group) for name, group in groups.items()},
        )

    def _take_out(self, added: Statement, statements: dict[str, Statement]) -> None:
        now = statements[added.id]
        if says(now) == says(added):
            del statements[added.id]
            return
        self.kept.add(added.property)
        refuted = now.rank is Rank.DEPRECATED and added.rank is not Rank.DEPRECATED
        if _claim(now) != _claim(added) or refuted:
            self._leave(added, "changed")
            return
        statements[added.id] = _without(now, added.references)
        self._leave(added, "kept")

    def _set_back(self, old: Statement, new: Statement, statements: dict[str, Statement]) -> None:
        now = statements.get(old.id)
        if now is None:
            if (_claim(old), old.rank) != (_claim(new), new.rank):
                self._leave(new, "gone")
        elif says(now) == says(old):
            return
        elif _claim(now) == _claim(old):
            self._set_back_parts(old, new, statements)
        elif _claim(now) != _claim(new):
            self._leave(new, "changed")
        elif says(now) != says(new):
            statements[old.id] = _without(now, _added(old, new))
            self._leave(new, "kept")
        elif self._made_room(old, new) or self._said_since(old):
            self._leave(new, "beside")
        else:
            statements[old.id] = old

    def _set_back_parts(
        self, old: Statement, new: Statement, statements: dict[str, Statement]
    ) -> None:
        """The rank and the references of a statement that says what it did before our edit."""
        now = statements[old.id]
        if old.rank is not new.rank and now.rank is not old.rank:
            if now.rank is not new.rank:
                self._leave(new, "changed")
            elif old.property in self.kept:
                self._leave(new, "beside")
            else:
                now = replace(now, rank=old.rank)
        ours, theirs = _added(old, new), missing(now.references, new.references, _REFERENCE)
        if missing(ours, now.references, _REFERENCE):
            if any(_grew(each, ours) for each in theirs):
                self._leave(new, "changed")
            statements[old.id] = _without(now, ours)
            return
        now = _without(now, ours)
        back = missing(
            missing(old.references, new.references, _REFERENCE), now.references, _REFERENCE
        )
        statements[old.id] = replace(now, references=(*now.references, *back))

    def _bring_back(self, old: Statement, statements: dict[str, Statement]) -> None:
        if old.id in statements or self._said_since(old):
            return
        both = (self.step.before, self.step.after)
        known = {_claim(each) for one in both for each in one.statements.get(old.property, ())}
        claims = {_claim(each) for each in self.now.statements.get(old.property, ())}
        if claims - known:
            self._leave(old, "another")
        elif old.property in self.kept:
            self._leave(old, "beside")
        else:
            statements[old.id] = old

    def _made_room(self, old: Statement, new: Statement) -> bool:
        """Whether our edit ended this statement for one that people have kept."""
        ended = canonical_snak(old.mainsnak) == canonical_snak(new.mainsnak)
        return ended and old.property in self.kept

    def _said_since(self, old: Statement) -> bool:
        """Whether another statement has come to say what this one would say again."""
        for each in self.now.statements.get(old.property, ()):
            if each.id != old.id and _claim(each) == _claim(old):
                then = self.step.after.statement(each.id)
                if then is None or _claim(then) != _claim(old):
                    return True
        return False

    def _terms(
        self, kind: str, before: Mapping[str, str], after: Mapping[str, str], now: Mapping[str, str]
    ) -> Mapping[str, str]:
        wanted = dict(now)
        for language in {**before, **after}:
            old, new, held = (each.get(language) for each in (before, after, now))
            if old == new or held == old:
                continue
            if held != new:
                self.left.append(Left(f"{kind}/{language}", "changed", new or ""))
            elif old is None:
                del wanted[language]
            else:
                wanted[language] = old
        return wanted

    def _leave(self, statement: Statement, why: Why) -> None:
        said = snak_text(statement.mainsnak)
        self.left.append(Left(statement.property, why, said, statement.id))


def _places(step: Step, now: Entity) -> Iterator[tuple[str, bool]]:
    """Each place that the step changed, and whether that still stands as it was left."""
    before, after = step.before, step.after
    for each in {
        one.id: one for one in (*before.all_statements(), *after.all_statements())
    }.values():
        old, new, held = (says(one.statement(each.id)) for one in (before, after, now))
        if old != new:
            yield each.property, held == new
    for kind in ("label", "description", "alias"):
        old, new, held = (_terms_of(one, kind) for one in (before, after, now))
        for language in {**old, **new}:
            if old.get(language) != new.get(language):
                yield f"{kind}/{language}", held.get(language) == new.get(language)


def _terms_of(entity: Entity, kind: str) -> Mapping[str, object]:
    if kind == "alias":
        return {language: sorted(texts) for language, texts in entity.aliases.items()}
    return entity.labels if kind == "label" else entity.descriptions


_REFERENCE = canonical_reference


def _claim(statement: Statement) -> str:
    return canonical_statement(statement)


def _added(old: Statement, new: Statement) -> tuple[Reference, ...]:
    return missing(new.references, old.references, _REFERENCE)


def _without(statement: Statement, references: Iterable[Reference]) -> Statement:
    """The statement without these references, as far as it has them."""
    kept = missing(statement.references, tuple(references), _REFERENCE)
    return replace(statement, references=kept)


def _grew(reference: Reference, ours: Iterable[Reference]) -> bool:
    """Whether people made this reference of one of ours: it says all that ours does."""
    said = set(map(canonical_snak, reference.snaks))
    return any(set(map(canonical_snak, each.snaks)) <= said for each in ours)


def _aliases(before: Entity, after: Entity, now: Entity) -> dict[str, tuple[str, ...]]:
    return {
        language: texts
        for language in {**now.aliases, **before.aliases}
        if (texts := tuple(_texts(before, after, now, language)))
    }


def _texts(before: Entity, after: Entity, now: Entity, language: str) -> Iterator[str]:
    old, new, held = (each.aliases.get(language, ()) for each in (before, after, now))
    yield from (text for text in held if text in old or text not in new)
    yield from (text for text in old if text not in new and text not in held)
