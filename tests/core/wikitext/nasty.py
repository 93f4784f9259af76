"""Pages and values made to go wrong: the pieces that the property tests put together."""

from __future__ import annotations

from hypothesis import strategies as st

BEGIN = "<!-- hubbot:intake begin -->"
END = "<!-- hubbot:intake end -->"

BRACES = ["{{", "}}", "{{{", "}}}", "{", "}", "[[", "]]", "[", "]", "-{", "}-", "-", "|", "=", "=="]
TAGS = [
    "<nowiki>", "</nowiki>", "<nowiki/>", "<NoWiki >", "<pre>", "</pre>", "<ref>", "</ref >",
    "<ref name=a/>", "<includeonly>", "</includeonly>", "<INCLUDEONLY>", "<noinclude>",
    "</noinclude>", "<onlyinclude>", "<gallery\n>", "</gallery>", "<", ">", "</nowiki", "<b>",
]  # fmt: skip
COMMENTS = ["<!--", "-->", "<!-- x -->", "\n<!-- x -->\n", " <!-- y --> ", "<!--->", "<!---->"]
LINES = ["\n", "\r\n", "\n=", "\n==h==\n", "= ", "\t", " ", "  \n", "\n\n", "\r", "\v"]
WORDS = [
    "a",
    "b c",
    "é",
    "e\u0301",
    "日本",
    "עברית",
    "\u202e",
    "\u2066",
    "\x00",
    "\x7f",
    "\ufeff",
    "\u2028",
]
CALLS = ["{{a|b=c}}", "{{Partnership request|title=T}}", "[[x|y]]", "{{T\n| a = b\n| cd = e\n}}"]
MARKERS = [
    BEGIN, END, BEGIN, END, "<!-- hubbot:intake begin: keep this -->", "<!--hubbot:intake end",
    "<!-- hubbot:intake", "hubbot:intake begin -->", "<!-- HUBBOT:INTAKE END -->",
    "<!-- hubbot:other begin -->", "<!-- hubbot:other end -->",
    "<nowiki><!-- hubbot:intake end --></nowiki>",
]  # fmt: skip

FRAGMENTS = [*BRACES, *TAGS, *COMMENTS, *LINES, *WORDS, *CALLS]
VALUES = [
    *FRAGMENTS, "{{!}}", "||", "!!", "!", "{|", "|-", "|}", "|+", "''", "'''", "'", "~~~~", "~~~~~",
    "__TOC__", "__", "_", "http://x.org/a", "https:", "//x.org", "mailto:a@b.c", "RFC 123",
    "PMID 4", "ISBN 978-3-16-148410-0", "\n*", "\n#", "\n:", ";a:b", "----", "&", "&amp;",
    "&#91;", "&lt;", "\x7f'\"`UNIQ--nowiki-00000000-QINU`\"'\x7f", "« a »", " ?", " %", " ;", ":",
    "\ud800", "\ufffe", "\ufffd", "$1", "\\", "^", "%41", "+", "/", "\u00a0", "\x85", "{{{1}}}",
    "#REDIRECT [[x]]", '<span style="x">', "File:x.jpg", "[[Category:X]]", "word ",
]  # fmt: skip


def pieces(fragments: list[str], most: int = 30) -> st.SearchStrategy[str]:
    """Texts out of the fragments, with a little that is any text at all."""
    anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    return st.lists(st.sampled_from(fragments) | anything, max_size=most).map("".join)


def values() -> st.SearchStrategy[str]:
    """Values as they may come from a file or a wiki."""
    return pieces(VALUES, 12) | st.text(max_size=20)
