"""Proposes a mapping for a file that was looked at: what is sure, and what people are asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bots.core.messages import Message
from bots.datasets.beginning.columns import Column, Looked
from bots.datasets.beginning.known import Known, by_property
from bots.datasets.beginning.meanings import (
    LATITUDES,
    LONGITUDES,
    WIKIDATA_ITEM,
    Meaning,
    fits,
    meaning_of,
)
from bots.datasets.beginning.proposal import (
    COLUMN,
    LEFT_OUT,
    Proposal,
    Question,
    Statement,
    Term,
    ValueTable,
)
from bots.datasets.beginning.shapes import fit_of, separator_of
from bots.datasets.beginning.tables import TABLE_NAMES, table_of
from bots.datasets.facts import Fault
from bots.datasets.mapping.parts import Datatype
from bots.datasets.source.faults import SourceError, quoted

_ID_WORDS = frozenset(
    {"id", "nr", "no", "number", "nummer", "key", "code", "kod", "identifier", "objectid", "uid"}
)
_PROPERTY = re.compile(r"P[1-9]\d*", re.ASCII)
_BREAK = re.compile(r"[\t\n\r\v\f]")
_LANGUAGE = r"[a-z]{2,12}(?:-[a-z0-9]{1,12}){0,4}"
_TERM = re.compile(rf"(label|alias|description)(?:@({_LANGUAGE}))?", re.ASCII)
_ANSWERS = {
    "match": _PROPERTY,
    "stated-in": re.compile(r"Q[1-9]\d*", re.ASCII),
    "language": re.compile(_LANGUAGE, re.ASCII),
}
"""What an answer looks like, where it is not any text; an empty one is none."""
_ENOUGH = 0.9
_MOST_VAGUE = 10
"""So many columns are asked about of which nothing is known but that they repeat a few words."""


def propose(looked: Looked, answers: Mapping[str, str]) -> Proposal:
    """The mapping of a file.

    `answers`: what is known already, by a question's name. Raises `SourceError` where no column
    tells one record from another, and where an answer names what there is not.
    """
    _refuse_unknown(looked, answers)
    work = _Work(looked, answers)
    return work.proposal()


def _refuse_unknown(looked: Looked, answers: Mapping[str, str]) -> None:
    names = [column.name for column in looked.columns]
    for name, said in answers.items():
        column = said if name == "key" else name.removeprefix(COLUMN)
        if (name == "key" or name.startswith(COLUMN)) and column not in names:
            params = {"name": quoted(column), "names": ", ".join(map(quoted, names[:20]))}
            raise SourceError([Fault(Message("new-dataset-no-column", params))])
        form = _ANSWERS.get(name)
        sound = _is_meaning(said) if name.startswith(COLUMN) else not (form and said)
        if not sound and not (form and form.fullmatch(said)):
            raise SourceError([Fault(Message("new-dataset-no-answer", {"given": quoted(said)}))])


def _is_meaning(said: str) -> bool:
    plain = (LEFT_OUT, WIKIDATA_ITEM, LATITUDES, LONGITUDES)
    return said in plain or bool(_PROPERTY.fullmatch(said) or _TERM.fullmatch(said))


@dataclass
class _Work:
    """A proposal while it is being made."""

    looked: Looked
    answers: Mapping[str, str]
    statements: list[Statement] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    tables: dict[str, ValueTable] = field(default_factory=dict)
    left: dict[str, Message] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    vague: int = 0

    def proposal(self) -> Proposal:
        """All of it, in the order of the file's columns."""
        meanings = {column.name: self._meaning(column) for column in self.looked.columns}
        found = self._match(meanings)
        key = self._key(found, meanings)
        match, match_column = self._match_entry(found, key)
        url = self._record_url(key, meanings)
        language = self._language(meanings)
        angles = self._angles(meanings)
        for column in self.looked.columns:
            meaning = meanings[column.name]
            if column is match_column:
                self._identifier(column, str(match["property"]))
            elif column in angles:
                self._place(angles, column)
            elif column is url or meaning.is_ in (WIKIDATA_ITEM, LATITUDES, LONGITUDES):
                continue
            elif column is not key or meaning.is_ != LEFT_OUT:
                self._say(column, meaning, language)
        hint = self._hint(meanings)
        if hint and match:
            match = {**match, "item": hint}
        for name in ("partner", "stated-in", "licence"):
            self._ask(name, "")
        return Proposal(
            key=key.take["field"],
            match=match,
            language=language,
            statements=tuple(self.statements),
            terms=tuple(self.terms),
            tables=self.tables,
            record_url=_template(url) if url else "",
            stated_in=self.answers.get("stated-in", ""),
            left=self.left,
            numbers=frozenset(self.numbers),
            questions=tuple(self.questions),
        )

    def _ask(self, name: str, default: str, choices: Mapping[str, str] | None = None) -> str:
        """An answer, or the default where there is none yet."""
        if name in self.answers:
            return self.answers[name]
        about = {"name": quoted(name.removeprefix(COLUMN))} if name.startswith(COLUMN) else {}
        key = "column" if about else name
        message = Message(f"new-dataset-ask-{key}", about)
        self.questions.append(Question(name, message, default, choices or {}))
        return default

    def _meaning(self, column: Column) -> Meaning:
        """What a column says, by the answer to it where there is one."""
        said = self.answers.get(COLUMN + column.name)
        guess = meaning_of(column)
        if said is None:
            return guess
        term = _TERM.fullmatch(said)
        if term:
            return Meaning(term[1], language=term[2] or guess.language, spoken=guess.spoken)
        return Meaning(said)

    def _match(self, meanings: Mapping[str, Meaning]) -> tuple[Column | None, str]:
        """The column by which items are found, and its property; "" for none that is known."""
        said = self.answers.get("match", "")
        found = []
        for column in self.looked.columns:
            meaning = meanings[column.name]
            known = by_property(meaning.is_)
            named = COLUMN + column.name in self.answers and _PROPERTY.fullmatch(meaning.is_)
            if said == meaning.is_ or (not said and known and known.is_identifier):
                sound = column.unique and not separator_of(column)
                found.append((sound, bool(named), meaning.sure, column.filled, column))
        if not found:
            return None, said
        best = max(found, key=lambda each: each[:4])[4]
        return best, said or meanings[best.name].is_

    def _key(self, match: tuple[Column | None, str], meanings: Mapping[str, Meaning]) -> Column:
        """What tells records apart. Raises `SourceError`."""
        said = self.answers.get("key")
        keys = [column for column in self.looked.columns if column.is_key]
        if said is not None:
            keys = [column for column in keys if column.name == said]
        if match[0] in keys and match[0] is not None:
            return match[0]
        if not keys:
            raise SourceError([Fault(self._no_key(said))])
        # A year or a number of visitors that no two have today is nothing to know a record by.
        ids = [column for column in keys if _may_be_id(meanings[column.name])]
        plain = [c for c in ids if all(" " not in str(v) for v in c.values) and c.filled > 1]
        named = [column for column in keys if _ID_WORDS & set(column.words)]
        labels = [column for column in keys if meanings[column.name].is_ == "label"]
        return (named or plain or labels or ids or keys)[0]

    def _no_key(self, said: str | None) -> Message:
        """Why there is no key, with the column that comes nearest."""
        columns = [column for column in self.looked.columns if "field" in column.take]
        if said is not None:
            columns = [column for column in columns if column.name == said] or columns
        if not columns:
            return Message("new-dataset-no-key-inside")
        nearest = max(columns, key=lambda each: (each.filled, len(each.counts)))
        params: dict[str, str | int | list[str]] = {
            "name": quoted(nearest.name),
            "num_empty": nearest.total - nearest.filled,
            "num_doubled": sum(count - 1 for count in nearest.counts.values()),
        }
        return Message("new-dataset-no-key", params)

    def _match_entry(
        self, found: tuple[Column | None, str], key: Column
    ) -> tuple[dict[str, Any], Column | None]:
        column, property_id = found
        if not property_id:
            property_id = self._ask("match", "")
        if not property_id:
            return {}, None
        column = column or key
        known = by_property(property_id)
        entry: dict[str, Any] = {"property": property_id, **column.take}
        if known and known.steps:
            entry["transform"] = list(known.steps)
        if known and known.pattern:
            entry["pattern"] = known.pattern
        if known and known.equivalence:
            entry["equivalence"] = list(known.equivalence)
        return entry, column

    def _identifier(self, column: Column, property_id: str) -> None:
        known = by_property(property_id)
        entry: dict[str, Any] = {
            "property": property_id,
            **column.take,
            "datatype": "external-id",
        }
        self.taken.add(property_id)
        self._state(entry, known, column)

    def _state(
        self,
        entry: dict[str, Any],
        known: Known | None,
        column: Column,
        notes: tuple[Message, ...] = (),
        commented: bool = False,
    ) -> None:
        if known and known.is_identifier and known.steps:
            entry["transform"] = [*entry.get("transform", ()), *known.steps]
        if known and known.equivalence:
            entry["equivalence"] = list(known.equivalence)
        label = known.label if known else ""
        self.statements.append(Statement(entry, label, column.name, notes, commented))

    def _say(self, column: Column, meaning: Meaning, language: str) -> None:
        """A column's statement, term, or why it says nothing."""
        if meaning.why:
            label = {"label": meaning.choices[0].label} if meaning.choices else {}
            self.left[column.name] = Message(f"new-dataset-left-{meaning.why}", label)
            return
        is_ = meaning.is_
        asked = not meaning.sure
        if is_ in self.taken:
            asked, is_ = True, LEFT_OUT
            known = by_property(meaning.is_)
            choices: tuple[Known, ...] = (known,) if known else ()
        else:
            choices = meaning.choices
        if asked and meaning.is_ == LEFT_OUT and choices[0].datatype == "wikibase-item":
            self.vague += 1
            asked = self.vague <= _MOST_VAGUE or COLUMN + column.name in self.answers
        if asked:
            told = {each.id: each.label for each in choices}
            is_ = self._ask(COLUMN + column.name, is_, told)
        if is_ in ("label", "alias", "description"):
            self._term(column, is_, meaning, language)
        elif is_ != LEFT_OUT:
            self._statement(column, is_, commented=False)
        elif asked and choices and _can_be_shown(column, choices[0]):
            self._statement(column, choices[0].id, commented=True)
        else:
            self.left[column.name] = Message("new-dataset-left-unknown")

    def _term(self, column: Column, term: str, meaning: Meaning, language: str) -> None:
        spoken = meaning.language or language
        slot = f"{term}@{spoken}"
        entry: dict[str, Any] = {"term": term, "language": spoken, **column.take}
        mark = separator_of(column) if term == "alias" else ""
        if mark:
            entry["transform"] = [{"split": mark}]
        elif any(_BREAK.search(str(value)) for value in column.values):
            entry["transform"] = ["one-space"]
        if term != "alias" and slot in self.taken:
            entry["term"] = "alias" if term == "label" else term
            notes = (Message("new-dataset-ask-language"),) if term == "label" else ()
            self.terms.append(Term(entry, notes, commented=True))
            return
        self.taken.add(slot)
        self.terms.append(Term(entry))

    def _statement(self, column: Column, property_id: str, commented: bool) -> None:
        known = by_property(property_id)
        datatype: Datatype = known.datatype if known else _datatype_of(column)
        entry: dict[str, Any] = {"property": property_id, **column.take}
        notes: list[Message] = []
        if known is None:
            about: dict[str, str | int | list[str]] = {"property": property_id}
            notes.append(Message("new-dataset-datatype", {**about, "datatype": datatype}))
        mark = separator_of(column) if datatype in ("external-id", "wikibase-item") else ""
        steps: list[Any] = [{"split": mark}] if mark else []
        if datatype == "wikibase-item":
            steps += self._item(column, property_id, entry, mark)
        elif datatype != "external-id":
            entry["datatype"] = datatype
            fit = fit_of(column, datatype)
            steps += fit.steps
            # What is known here of quantities is counted: they are whole.
            if fit.doubtful and not (known and datatype == "quantity"):
                notes.append(Message("new-dataset-doubtful"))
                commented = True
            if 0 < fit.share < 1:
                share = f"{100 * fit.share:.0f}"
                notes.append(Message("new-dataset-some-fit", {"percent": share}))
        else:
            entry["datatype"] = datatype
        if steps:
            entry["transform"] = steps
        if mark or (column.lists and datatype != "time"):
            entry["many"] = True
        if datatype == "quantity" and not commented and not steps:
            self.numbers.add(column.top)
        if not commented:
            self.taken.add(property_id)
        self._state(entry, known, column, tuple(notes), commented)

    def _item(
        self,
        column: Column,
        property_id: str,
        entry: dict[str, Any],
        mark: str,
    ) -> list[Any]:
        """The transforms of a value that is an item; its table is made."""
        steps, table = table_of(column, property_id, mark)
        entry["datatype"] = "wikibase-item"
        if table is not None:
            name = TABLE_NAMES.get(property_id, property_id.lower())
            if name in self.tables:
                name = f"{name}-{len(self.tables) + 1}"
            entry["table"] = name
            self.tables[name] = table
        return steps

    def _angles(self, meanings: Mapping[str, Meaning]) -> tuple[Column, ...]:
        """The two columns of a place, latitude first; () where there are not both."""
        found = []
        for wanted in (LATITUDES, LONGITUDES):
            columns = [c for c in self.looked.columns if meanings[c.name].is_ == wanted]
            found += columns[:1]
        if len(found) == 2 and all(map(_template, found)):
            return tuple(found)
        for column in found:
            self.left[column.name] = Message("new-dataset-left-half-place")
        return ()

    def _place(self, angles: tuple[Column, ...], column: Column) -> None:
        if column is not angles[0] or "P625" in self.taken:
            return
        commas = any("," in str(value) for angle in angles for value in angle.values)
        template = (";" if commas else ",").join(map(_template, angles))
        steps: list[Any] = ["latlon"]
        if commas:
            steps.insert(0, {"regex-replace": {"pattern": ",", "with": "."}})
        entry = {
            "property": "P625",
            "template": template,
            "datatype": "globe-coordinate",
            "transform": steps,
        }
        self.taken.add("P625")
        self._state(entry, by_property("P625"), column)

    def _hint(self, meanings: Mapping[str, Meaning]) -> dict[str, Any]:
        for column in self.looked.columns:
            if meanings[column.name].is_ == WIKIDATA_ITEM:
                return {**column.take, "transform": ["wikidata-id"]}
        return {}

    def _language(self, meanings: Mapping[str, Meaning]) -> str:
        """The language of texts whose column doesn't tell it.

        Columns are named in English in files of all languages: any other word tells more.
        """
        terms = [m for m in meanings.values() if m.is_ in ("label", "alias", "description")]
        open_ = [each for each in terms if not each.language]
        if not open_:
            return terms[0].language if terms else "en"
        spoken = [each.spoken for each in open_ if each.spoken not in ("", "en")] or ["en"]
        return self._ask("language", spoken[0])

    def _record_url(self, key: Column, meanings: Mapping[str, Meaning]) -> Column | None:
        """The column with the record's address: it has the record's key in it."""
        for column in self.looked.columns:
            meaning = meanings[column.name]
            addresses = {meaning.is_, *(each.id for each in meaning.choices)}
            if meaning.why or not addresses & {"P856", "P973"} or not _template(column):
                continue
            if column.filled < column.total or column.lists or key.lists:
                continue
            pairs = list(zip(key.values, column.values, strict=False))
            held = sum(str(text) in str(url).rsplit("/", 1)[-1] for text, url in pairs)
            if held >= len(pairs) * _ENOUGH and COLUMN + column.name not in self.answers:
                return column
        return None


def _may_be_id(meaning: Meaning) -> bool:
    """Whether the column may be there to tell records apart."""
    if meaning.why:
        return any(each.is_identifier for each in meaning.choices)
    known = by_property(meaning.is_)
    return meaning.is_ in (LEFT_OUT, WIKIDATA_ITEM) or bool(known and known.is_identifier)


def _can_be_shown(column: Column, known: Known) -> bool:
    """Whether a line that is commented out would do, once people have looked at it."""
    return known.datatype != "wikibase-item" and fits(column, known) > 0


def _datatype_of(column: Column) -> Datatype:
    """The datatype of a property of which nothing is known but the column's values."""
    shapes: tuple[Datatype, ...] = ("globe-coordinate", "url", "quantity", "time")
    for datatype in shapes:
        if fit_of(column, datatype).share >= _ENOUGH:
            return datatype
    return "external-id" if column.unique else "string"


def _template(column: Column) -> str:
    """The column as a part of a template; "" where its name can't be one."""
    if "path" in column.take:
        name = "=" + column.take["path"]
    else:
        name = column.take["field"]
        if name.startswith("="):
            return ""
    return "" if set(name) & set("{}") else f"{{{name}}}"
