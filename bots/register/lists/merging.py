"""A list on a page, what was left of it and what it is to show now, merged so that people win.

Sections, columns, rows and cells are slots of `core.merge`, each decided there. Nothing is written
where the text can't be read for sure, and what is written is read again before it is given back.
A body that people emptied begins anew, without the rows and columns that they had taken out.
"""

from __future__ import annotations

from bots.core.plan import JSON
from bots.core.wikitext.visible import WHITE
from bots.register.lists.deciding import Deciding
from bots.register.lists.drawing import fresh
from bots.register.lists.facts import Grid, ListFault, MergedList
from bots.register.lists.putting import put
from bots.register.lists.remembering import left_of
from bots.register.lists.standing import read_standing

__all__ = ["fresh", "merge_list"]


def merge_list(
    body: str, base: JSON | None, ours: Grid, *, whole: bool = True
) -> MergedList | ListFault:
    """Merge a list's body, what stands between its two calls, with what it is to show.

    `base`: what the last merge gave, once its text was saved; None: nothing is known. `whole`:
    False where ours may lack rows, so that none is taken for gone.
    """
    left = left_of(base)
    if not ours.rows and left.has_rows:
        return ListFault("register-list-empty", 1)
    keys = [section.key for section in ours.sections]
    stands = read_standing(body, (*keys, *left.sections))
    if isinstance(stands, ListFault):
        return stands
    if not body.strip(WHITE) and left.has_tables:
        left = left.refused()
    deciding = Deciding(stands, left, ours, whole)
    return deciding.decide() or put(deciding)
