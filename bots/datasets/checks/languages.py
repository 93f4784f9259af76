"""Terms in languages that the wiki has: another one it would refuse, run after run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bots.core.messages import Message
from bots.datasets.facts import Fault, Record
from bots.datasets.source.faults import quoted
from bots.datasets.transforms.base import shown


def speakable(record: Record, languages: Collection[str]) -> Record:
    """The record without terms in other languages; each of these is told once."""

    def is_one(language: str) -> bool:
        return not language or language in languages

    unknown = {
        (each.language, each.rule.column): None
        for each in (*record.terms, *record.new_terms)
        if not is_one(each.language)
    }
    if not unknown:
        return record
    faults = [
        Fault(
            Message("check-language", {"language": shown(language), "column": quoted(column)}),
            record.key,
            column,
            record.row,
        )
        for language, column in unknown
    ]
    return replace(
        record,
        terms=tuple(each for each in record.terms if is_one(each.language)),
        new_terms=tuple(each for each in record.new_terms if is_one(each.language)),
        faults=(*record.faults, *faults),
    )
