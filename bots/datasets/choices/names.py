"""How alike two sets of names are, through accents, legal forms, word order and typos.

Only what can be told from the names is told here. Scripts are not turned into one another: where
two names share no script they say nothing of each other, and another language's label decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA


class Likeness(IntEnum):
    """How two names stand to each other, the least alike first."""

    OTHER = 0
    """Nothing in common but letters, or nothing to compare."""
    ALIKE = 1
    """Much in common, yet a word more, less or different: the Hospital of the University."""
    ACRONYM = 2
    """The same acronym, or one is made of the other's initials."""
    NEAR = 3
    """The same words, one or two of them with a typo."""
    ORDER = 4
    """The same words in another order: Washington University, University of Washington."""
    FORM = 5
    """The same but for a legal form, what is in brackets, or words such as `the` and `of`."""
    SAME = 6
    """The same but for case, accents and punctuation."""


@dataclass(frozen=True, slots=True)
class NameMatch:
    """The best pair of names; `ratio` of its letters, 0 to 100; `agreeing`: how many of ours are
    there in full (SAME or FORM, acronyms not counted)."""

    likeness: Likeness
    ours: str = ""
    theirs: str = ""
    ratio: float = 0.0
    agreeing: int = 0


@dataclass(frozen=True, slots=True)
class Folded:
    """A name in the forms that are compared; what doesn't apply is empty.

    `text`: words in their order. `bare`: the same without legal forms, brackets and small words.
    `bag`: those sorted. `initials`: of the words, with and without the small ones. `acronym`: the
    name itself, if it looks like one.
    """

    text: str
    bare: str
    bag: str
    initials: frozenset[str]
    acronym: str


def best(ours: Iterable[str], theirs: Iterable[str]) -> NameMatch:
    """The most alike pair of two sets of names, each in any language."""
    mine = [(name, fold(name)) for name in dict.fromkeys(ours)]
    others = [(name, fold(name)) for name in dict.fromkeys(theirs)]
    mine = [each for each in mine if each[1].text]
    others = [each for each in others if each[1].text]
    full_names = [each for each in mine if not each[1].acronym]
    other_full = [each for each in others if not each[1].acronym]
    known = {folded.text: name for name, folded in other_full}
    # Without spaces: Bio Bank is Biobank.
    known_bare = {folded.bare.replace(" ", ""): name for name, folded in other_full}
    same = [(name, known[each.text]) for name, each in full_names if each.text in known]
    form = [
        (name, known_bare[each.bare.replace(" ", "")])
        for name, each in full_names
        if each.text not in known and each.bare.replace(" ", "") in known_bare
    ]
    agreeing = len({fold(name).bag for name, _ in (*same, *form)})
    if same:
        return NameMatch(Likeness.SAME, *same[0], 100.0, agreeing)
    if form:
        return NameMatch(Likeness.FORM, *form[0], 100.0, agreeing)
    by_bag = {folded.bag: name for name, folded in other_full}
    for name, each in full_names:
        if each.bag in by_bag:
            return NameMatch(Likeness.ORDER, name, by_bag[each.bag], 100.0)
    alike = _alike(full_names, by_bag)
    if alike.likeness is Likeness.NEAR:
        return alike
    return _acronym(mine, others) or alike


@lru_cache(maxsize=65536)
def fold(name: str) -> Folded:
    """A name in the forms that are compared."""
    written = name[:_LONGEST]
    words = _words(written)
    outside = _words(_BRACKETS.sub(" ", written)) or words
    content = [word for word in outside if word not in _SMALL]
    bare = [word for word in content if word not in _LEGAL] or content or outside
    initials = {"".join(word[0] for word in some) for some in (outside, content, bare)}
    acronym = "".join(words) if _is_acronym(written) else ""
    return Folded(
        text=" ".join(words),
        bare=" ".join(bare),
        bag=" ".join(sorted(bare)),
        initials=frozenset(each for each in initials if len(each) > 1),
        acronym=acronym,
    )


def shortened(name: str) -> str:
    """A name as it is more likely to be found: without brackets, article and legal form."""
    words = _BRACKETS.sub(" ", name).split() or name.split()
    while len(words) > 1 and "".join(_words(words[-1])) in _LEGAL:
        words.pop()
    while len(words) > 1 and words[0].casefold() in ("the", *_LEGAL):
        words.pop(0)
    return " ".join(words).rstrip(",")


def _is_acronym(name: str) -> bool:
    """Whether it looks like one: MIT, LfU, UMR 7218. A name written in capitals is longer."""
    parts = name.split()
    if not 0 < len(parts) <= _ACRONYM_PARTS or len(name) > _LONGEST_ACRONYM:
        return False
    return all(
        sum(each.isupper() for each in part) > 1 or part.strip("()/-.").isdigit() for part in parts
    )


def _alike(ours: list[tuple[str, Folded]], by_bag: dict[str, str]) -> NameMatch:
    """The closest pair; words that one has besides the other's count half."""
    found = NameMatch(Likeness.OTHER)
    for name, folded in ours:
        closest = process.extractOne(folded.bag, by_bag.keys(), scorer=fuzz.ratio)
        if closest is None:
            continue
        bag, ratio, _ = closest
        if _is_near(folded.bag.split(), bag.split()):
            return NameMatch(Likeness.NEAR, name, by_bag[bag], ratio)
        wide, shared, _ = process.extractOne(folded.bag, by_bag.keys(), scorer=fuzz.token_set_ratio)
        ratio = max(ratio, (shared + fuzz.ratio(folded.bag, wide)) / 2)
        if ratio >= max(_ALIKE, found.ratio):
            found = NameMatch(Likeness.ALIKE, name, by_bag[wide], ratio)
    return found


def _is_near(ours: list[str], theirs: list[str]) -> bool:
    """Whether the words are the same but for a few typos; a short word or a number has none."""
    mine, others = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
    left, right = sorted(mine.elements()), sorted(others.elements())
    if len(left) != len(right) or len(left) > _MOST_TYPOS or len(left) == len(ours) > 1:
        return False
    return all(_is_typo(*pair) for pair in zip(left, right, strict=True))


def _is_typo(ours: str, theirs: str) -> bool:
    shorter = min(len(ours), len(theirs))
    if shorter < _SHORTEST_TYPO or not (_LETTERS.fullmatch(ours) and _LETTERS.fullmatch(theirs)):
        return False
    allowed = 1 if shorter < _LONG_WORD else 2
    return OSA.distance(ours, theirs, score_cutoff=allowed) <= allowed


def _acronym(ours: list[tuple[str, Folded]], theirs: list[tuple[str, Folded]]) -> NameMatch | None:
    for name, mine in ours:
        for other_name, other in theirs:
            if (mine.acronym and mine.acronym in (other.acronym, *other.initials)) or (
                other.acronym and other.acronym in mine.initials
            ):
                return NameMatch(Likeness.ACRONYM, name, other_name, 100.0)
    return None


def _words(name: str) -> list[str]:
    """The name's words, folded: no case, no accents, no points in abbreviations."""
    text = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS_FOLDED)
    text = unicodedata.normalize("NFC", _MARKS.sub("", text))
    text = _APOSTROPHES.sub("", text.replace("&", " and ").replace("+", " plus "))
    text = _POINTED.sub(lambda found: found[0].replace(".", ""), text)
    return [_SPELLED.get(word, word) for word in _WORD.findall(text)]


_LONGEST = 300
_LONGEST_ACRONYM = 12
_ACRONYM_PARTS = 2
_ALIKE = 75
_MOST_TYPOS = 2
_SHORTEST_TYPO = 5
_LONG_WORD = 9

# Accents, points and strokes over letters of the scripts that can be read without them: of others,
# such as Devanagari, the marks are the vowels.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
_LETTERS_FOLDED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
    | {"ς": "σ", "ـ": ""}
)
_APOSTROPHES = re.compile("['`\u00b4\u02bb\u02bc\u2018\u2019\u2032\uff07]")
_POINTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.\s?)+(?:[^\W\d_](?![^\W_])\.?)?")
_WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0dff\u0e00-\u109f\u1780-\u17ff])+")
_LETTERS = re.compile("[a-z\u0370-\u052f\u0531-\u0587\u10d0-\u10ff]+")
_BRACKETS = re.compile(r"[(\[（【][^()\[\]（）【】]*[)\]）】]")

_SMALL_WORDS = """
a an the of and for in at on to de del della delle di da do dos das du des d la le les l el los las
et e y i und der die das den dem fur von zu zur och av pa ved og van voor en het te na im am ve w z
"""
_LEGAL_FORMS = """
ab ag aps as asa bv co company corp corporation doo ev gbr ggmbh gmbh inc incorporated kft kg kgaa
kk limited llc llp lp ltd ltda nv oao ooo oy oyj pao plc private pt pte pty pvt sa sae sarl sas se
sl spa srl sro zao zrt
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_LEGAL = frozenset(_LEGAL_FORMS.split())
_SPELLED = {
    "centre": "center",
    "dept": "department",
    "inst": "institute",
    "intl": "international",
    "lab": "laboratory",
    "natl": "national",
    "saint": "st",
    "sankt": "st",
    "sainte": "ste",
    "univ": "university",
}
