"""Histories of lists: what the register says, what people do to the page, and what comes of it.

The same are lived on text alone and on the sandbox's wikis. Each ends as a person would expect.
"""

from __future__ import annotations

from bots.register.lists.facts import Happened
from bots.register.lists.merging import fresh
from tests.register.history import (
    ALPHA,
    BETA,
    BETA_ENDED,
    BETA_IN_FI,
    BETA_MOVED,
    BOREA,
    FOUR,
    GAMMA,
    NOTED,
    NOTES,
    SE_FI,
    THREE,
    History,
    both,
    grouped,
    partners,
    put,
    row,
    stands,
)

CELLS = (
    History(
        "A list is filled, and follows the register where people have done nothing",
        (THREE, BETA_MOVED),
        stands(BETA_MOVED),
    ),
    History(
        "A cell that people corrected stays, and is told",
        (THREE, put("| Finland", "| Suomi"), THREE),
        stands(THREE, put("| Finland", "| Suomi")),
        ((Happened.CELL_DIFFERS, "2", "country"),),
    ),
    History(
        "A cell that people corrected stays when the register says yet another thing",
        (THREE, put("| Finland", "| Suomi"), BETA_MOVED, BETA_MOVED),
        stands(THREE, put("| Finland", "| Suomi")),
        ((Happened.CELL_DIFFERS, "2", "country"),),
    ),
    History(
        "When the register comes to say what people wrote, nothing is told any more",
        (THREE, put("| Finland", "| Denmark"), THREE, BETA_MOVED),
        stands(BETA_MOVED),
    ),
    History(
        "A cell on which people and register have come to agree follows the register again",
        (
            THREE,
            put("| Finland", "| Denmark"),
            BETA_MOVED,
            partners("1 Alpha Sweden", "2 Beta Iceland", "3 Gamma Norway"),
        ),
        stands(partners("1 Alpha Sweden", "2 Beta Iceland", "3 Gamma Norway")),
    ),
    History(
        "A correction that people take back themselves leaves the cell to the register",
        (THREE, put("| Finland", "| Suomi"), THREE, put("| Suomi", "| Finland"), BETA_MOVED),
        stands(BETA_MOVED),
    ),
    History(
        "A cell that people emptied stays empty",
        (THREE, put("| Finland", "|"), BETA_MOVED),
        stands(THREE, put("| Finland", "|")),
        ((Happened.CELL_EMPTIED, "2", "country"),),
    ),
    History(
        "A cell that the register leaves empty is people's to fill",
        (
            partners("1 Alpha -", "2 Beta Finland"),
            put("| Alpha\n|\n", "| Alpha\n| Atlantis\n"),
            partners("1 Alpha -", "2 Beta Denmark"),
        ),
        stands(
            partners("1 Alpha -", "2 Beta Denmark"), put("| Alpha\n|\n", "| Alpha\n| Atlantis\n")
        ),
    ),
    History(
        "What the register does not know any more goes from a cell that nobody touched",
        (THREE, partners("1 Alpha Sweden", "2 Beta -", "3 Gamma Norway")),
        stands(partners("1 Alpha Sweden", "2 Beta -", "3 Gamma Norway")),
    ),
    History(
        "A comment beside a cell's words is no change: the cell follows, the comment stays",
        (THREE, put("| Finland", "| Finland <!-- sure? -->"), BETA_MOVED),
        stands(BETA_MOVED, put("| Denmark", "| Denmark <!-- sure? -->")),
    ),
    History(
        "Spaces, cells on one line and quotes, as an editor leaves them, are no change",
        (THREE, put(BETA, "|- data-row='2'\n|Beta||  Finland\n"), BETA_MOVED),
        stands(THREE, put(BETA, "|- data-row='2'\n|Beta||  Denmark\n")),
    ),
    History(
        "A cell that people gave a colour follows the register in that colour",
        (THREE, put("| Finland", '| style="color:red" | Finland'), BETA_MOVED),
        stands(BETA_MOVED, put("| Denmark", '| style="color:red" | Denmark')),
    ),
)

ROWS = (
    History(
        "A new row comes where the register's order wants it",
        (THREE, FOUR),
        stands(FOUR),
    ),
    History(
        "A row that the register has no more goes",
        (FOUR, THREE),
        stands(THREE),
    ),
    History(
        "A row that people took out stays out, and is told",
        (THREE, put(BETA, ""), THREE, BETA_MOVED),
        stands(THREE, put(BETA, "")),
        ((Happened.ROW_REMOVED, "2", ""),),
    ),
    History(
        "A row that people took out and put back is ours again",
        (THREE, put(BETA, ""), THREE, put(ALPHA, ALPHA + BETA), BETA_MOVED),
        stands(BETA_MOVED),
    ),
    History(
        "A row that people put into a comment stays there as it is, silently",
        (THREE, put(BETA, f"<!--\n{BETA}-->\n"), BETA_MOVED, FOUR),
        stands(FOUR, put(BETA, f"<!--\n{BETA}-->\n"), put(BOREA, ""), put(ALPHA, ALPHA + BOREA)),
    ),
    History(
        "A row that comes out of its comment follows the register again",
        (
            THREE,
            put(BETA, f"<!--\n{BETA}-->\n"),
            BETA_MOVED,
            put(f"<!--\n{BETA}-->\n", BETA),
            BETA_MOVED,
        ),
        stands(BETA_MOVED),
    ),
    History(
        "People's order stays, and a new row comes after the one that it follows in the register",
        (THREE, both(put(GAMMA, ""), put(ALPHA, GAMMA + ALPHA)), FOUR),
        stands(FOUR, put(GAMMA, ""), put(ALPHA, GAMMA + ALPHA)),
    ),
    History(
        "A row that people added stays, and is offered as a record",
        (THREE, put(BETA, BETA + "|-\n| Delta || Malta\n"), FOUR),
        stands(
            FOUR, put(BETA, BETA + "|-\n| Delta || Malta\n"), put(BOREA, ""), put(BETA, BETA)
        ).replace("|-\n| Delta", f"{BOREA}|-\n| Delta"),
        ((Happened.ROW_BY_HAND, "", ""),),
    ),
    History(
        "A row in which people corrected something stays when the register has it no more",
        (FOUR, put("| Iceland", "| Ísland"), THREE),
        stands(FOUR, put("| Iceland", "| Ísland")),
        ((Happened.ROW_STAYS, "9", ""),),
    ),
    History(
        "A row beside which people made a note stays when the register has it no more",
        (THREE, NOTES, partners("2 Beta Finland", "3 Gamma Norway")),
        stands(THREE, NOTES),
        ((Happened.ROW_STAYS, "1", ""),),
    ),
    History(
        "A row that people copied is left alone, and its copy too, until they have mended it",
        (THREE, put(BETA, BETA + row("2", "Delta", "Malta")), BETA_MOVED),
        stands(THREE, put(BETA, BETA + row("2", "Delta", "Malta"))),
        ((Happened.ROW_DOUBLED, "2", ""), (Happened.ROW_DOUBLED, "2", "")),
    ),
    History(
        "A copied row that has lost the key of the first is people's, and the first follows again",
        (
            THREE,
            put(BETA, BETA + row("2", "Delta", "Malta")),
            BETA_MOVED,
            put(row("2", "Delta", "Malta"), "|-\n| Delta\n| Malta\n"),
            BETA_MOVED,
        ),
        stands(
            BETA_MOVED,
            put(
                row("2", "Beta", "Denmark"), row("2", "Beta", "Denmark") + "|-\n| Delta\n| Malta\n"
            ),
        ),
        ((Happened.ROW_BY_HAND, "", ""),),
    ),
    History(
        "A row that has lost its key is neither doubled nor changed",
        (THREE, put('|- data-row="2"\n', "|-\n"), BETA_MOVED),
        stands(THREE, put('|- data-row="2"\n', "|-\n")),
        ((Happened.ROW_KEYLESS, "2", ""),),
    ),
    History(
        "Rows whose cells people merged are left alone, and nothing is put between them",
        (
            THREE,
            both(put("| Sweden", "| rowspan=2 | Nordic"), put("| Beta\n| Finland\n", "| Beta\n")),
            FOUR,
        ),
        stands(
            FOUR,
            put("| Sweden", "| rowspan=2 | Nordic"),
            put("| Beta\n| Finland\n", "| Beta\n"),
        ),
        ((Happened.ROW_BROKEN, "1", ""), (Happened.ROW_BROKEN, "2", "")),
    ),
    History(
        "A row into which people put a table is left alone, the others follow",
        (
            THREE,
            put("| Norway\n", "| Norway\n{|\n| inner\n|}\n"),
            partners("1 Alpha Sverige", "2 Beta Finland", "3 Gamma Norge"),
        ),
        stands(
            partners("1 Alpha Sverige", "2 Beta Finland", "3 Gamma Norway"),
            put("| Norway\n", "| Norway\n{|\n| inner\n|}\n"),
        ),
        ((Happened.ROW_BROKEN, "3", ""),),
    ),
)

STAGED = "name stage country"

COLUMNS = (
    History(
        "A column that people added stays with its notes, and new rows have a cell for it",
        (THREE, NOTES, FOUR),
        stands(FOUR, NOTES, put("| Iceland\n", "| Iceland\n|\n")),
    ),
    History(
        "A column that people took out stays out, and is told",
        (
            THREE,
            lambda text: (
                text.replace('! data-column="country" | Country\n', "")
                .replace("| Sweden\n", "")
                .replace("| Finland\n", "")
                .replace("| Norway\n", "")
            ),
            FOUR,
        ),
        '\n{| class="wikitable sortable hubbot-list"\n! data-column="name" | Name\n'
        + row("1", "Alpha")
        + row("2", "Beta")
        + row("9", "Borea")
        + row("3", "Gamma")
        + "|}\n",
        ((Happened.COLUMN_REMOVED, "", "country"),),
    ),
    History(
        "Columns in people's order are filled in that order",
        (
            THREE,
            lambda text: (
                text.replace(
                    '! data-column="name" | Name\n! data-column="country" | Country\n',
                    '! data-column="country" | Country\n! data-column="name" | Name\n',
                )
                .replace("| Alpha\n| Sweden\n", "| Sweden\n| Alpha\n")
                .replace("| Beta\n| Finland\n", "| Finland\n| Beta\n")
                .replace("| Gamma\n| Norway\n", "| Norway\n| Gamma\n")
            ),
            FOUR,
        ),
        '\n{| class="wikitable sortable hubbot-list"\n! data-column="country" | Country\n'
        '! data-column="name" | Name\n'
        + row("1", "Sweden", "Alpha")
        + row("2", "Finland", "Beta")
        + row("9", "Iceland", "Borea")
        + row("3", "Norway", "Gamma")
        + "|}\n",
    ),
    History(
        "A column that the list is to have now comes beside people's own",
        (
            THREE,
            NOTED,
            partners(
                "1 Alpha Sweden x",
                "2 Beta Finland y",
                "3 Gamma Norway z",
                columns="name country stage",
            ),
        ),
        stands(
            partners(
                "1 Alpha Sweden x",
                "2 Beta Finland y",
                "3 Gamma Norway z",
                columns="name country stage",
            ),
            put("| Stage\n", "| Stage\n! Notes\n"),
            put("| x\n", "| x\n| asked twice\n"),
            put("| y\n", "| y\n|\n"),
        ),
    ),
    History(
        "A new column comes last where a row is hidden, so that the row fits when it comes out",
        (
            THREE,
            put(BETA, f"<!--\n{BETA}-->\n"),
            partners("1 Alpha x Sweden", "2 Beta y Finland", "3 Gamma z Norway", columns=STAGED),
            put(f"<!--\n{BETA}-->\n", BETA),
            partners("1 Alpha x Sweden", "2 Beta y Finland", "3 Gamma z Norway", columns=STAGED),
        ),
        stands(
            partners(
                "1 Alpha Sweden x",
                "2 Beta Finland y",
                "3 Gamma Norway z",
                columns="name country stage",
            )
        ),
    ),
    History(
        "A column that the list is not to have any more goes, but not if people wrote in it",
        (
            partners("1 Alpha Sweden x", "2 Beta Finland y", columns="name country stage"),
            put("| y", "| yes"),
            partners("1 Alpha", "2 Beta", columns="name"),
        ),
        stands(
            partners("1 Alpha x", "2 Beta yes", columns="name stage"),
        ),
        ((Happened.COLUMN_STAYS, "", "stage"),),
    ),
    History(
        "Titles, colours, captions and words around the table are people's",
        (
            THREE,
            both(
                put("| Country", "| Land"),
                put(
                    '{| class="wikitable sortable hubbot-list"',
                    '{| class="wikitable" style="width:100%"\n|+ Us',
                ),
                put("\n{|", "\nSee also there.\n\n{|"),
            ),
            BETA_MOVED,
        ),
        stands(
            BETA_MOVED,
            put("| Country", "| Land"),
            put(
                '{| class="wikitable sortable hubbot-list"',
                '{| class="wikitable" style="width:100%"\n|+ Us',
            ),
            put("\n{|", "\nSee also there.\n\n{|"),
        ),
    ),
)

SECTIONS = (
    History(
        "A row whose record is in another country now goes under that heading",
        (SE_FI, BETA_IN_FI),
        stands(BETA_IN_FI),
    ),
    History(
        "A cell that people took off a row's end stays empty where the row goes",
        (SE_FI, put("| Beta\n| active\n", "| Beta\n"), BETA_IN_FI, BETA_IN_FI),
        stands(BETA_IN_FI, put("| Beta\n| active\n", "| Beta\n|\n")),
        ((Happened.CELL_EMPTIED, "2", "stage"),),
    ),
    History(
        "A row in which people wrote what the register says now goes where it says",
        (SE_FI, put("| Beta\n| active\n", "| Beta\n| ended\n"), BETA_ENDED),
        stands(BETA_ENDED),
    ),
    History(
        "A row that goes under another heading keeps the colours that people gave it",
        (
            SE_FI,
            put("| Beta\n", '| style="color:red" | Beta\n'),
            BETA_IN_FI,
        ),
        stands(BETA_IN_FI, put("| Beta\n", '| style="color:red" | Beta\n')),
    ),
    History(
        "A row that people moved under another heading stays there, is kept, and is told",
        (
            SE_FI,
            both(
                put(row("2", "Beta", "active"), ""),
                put(
                    row("3", "Gamma", "ended"),
                    row("3", "Gamma", "ended") + row("2", "Beta", "active"),
                ),
            ),
            grouped(("1 Alpha active", "2 Beta asleep"), ("3 Gamma ended",)),
        ),
        stands(
            SE_FI,
            put(row("2", "Beta", "active"), ""),
            put(
                row("3", "Gamma", "ended"), row("3", "Gamma", "ended") + row("2", "Beta", "asleep")
            ),
        ),
        ((Happened.ROW_ELSEWHERE, "2", ""),),
    ),
    History(
        "A note goes with its row under the heading of another country that has the column too",
        (
            SE_FI,
            lambda text: text.replace("| Stage\n", "| Stage\n! Notes\n").replace(
                "| Beta\n| active\n", "| Beta\n| active\n| ask Bo\n"
            ),
            BETA_IN_FI,
        ),
        fresh(BETA_IN_FI)
        .replace("| Stage\n", "| Stage\n! Notes\n")
        .replace("| Beta\n| active\n", "| Beta\n| active\n| ask Bo\n"),
    ),
    History(
        "A row with a note stays where it is if there is no such column where it should go",
        (
            SE_FI,
            both(
                put(
                    '! data-column="stage" | Stage\n|- data-row="1"',
                    '! data-column="stage" | Stage\n! Notes\n|- data-row="1"',
                ),
                put("| Beta\n| active\n", "| Beta\n| active\n| ask Bo\n"),
            ),
            BETA_IN_FI,
        ),
        stands(
            SE_FI,
            put(
                '! data-column="stage" | Stage\n|- data-row="1"',
                '! data-column="stage" | Stage\n! Notes\n|- data-row="1"',
            ),
            put("| Beta\n| active\n", "| Beta\n| active\n| ask Bo\n"),
        ),
        ((Happened.ROW_ELSEWHERE, "2", ""),),
    ),
    History(
        "A country that comes gets its heading in its place, one that goes takes it away",
        (grouped((), ("3 Gamma ended",)), SE_FI, grouped(("1 Alpha active",))),
        stands(grouped(("1 Alpha active",))),
    ),
    History(
        "A section that people took out stays out with all its rows, and is told once",
        (
            SE_FI,
            lambda text: text[: text.index("\n=== Finland")],
            grouped(("1 Alpha asleep", "2 Beta active"), ("3 Gamma ended", "4 Delta new")),
        ),
        fresh(grouped(("1 Alpha asleep", "2 Beta active"))),
        ((Happened.SECTION_REMOVED, "", ""),),
    ),
    History(
        "Rows that people put together under one heading stay there, and follow",
        (
            SE_FI,
            lambda text: (
                text[: text.index("|}\n\n=== Finland")] + row("3", "Gamma", "ended") + "|}\n"
            ),
            grouped(("1 Alpha active", "2 Beta active"), ("3 Gamma asleep", "4 Delta new")),
        ),
        fresh(grouped(("1 Alpha active", "2 Beta active", "3 Gamma asleep"))),
        ((Happened.SECTION_REMOVED, "", ""), (Happened.ROW_ELSEWHERE, "3", "")),
    ),
    History(
        "Words that people wrote below a section's table stay with it",
        (SE_FI, put("|}\n\n===", "|}\nBy the committee.\n\n==="), BETA_IN_FI),
        stands(BETA_IN_FI, put("|}\n\n===", "|}\nBy the committee.\n\n===")),
    ),
    History(
        "A list that people emptied begins anew, without the row that they had taken out",
        (THREE, put(BETA, ""), THREE, lambda _: "\n", THREE),
        stands(THREE, put(BETA, "")),
        ((Happened.ROW_REMOVED, "2", ""),),
    ),
)

HISTORIES = (*CELLS, *ROWS, *COLUMNS, *SECTIONS)
