"""Generated pages thrown at the region writer: outside the region not one byte may differ."""

from __future__ import annotations

from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from bots.core.wikitext import Region, find_region, replace_region
from tests.core.wikitext.nasty import BEGIN, END, FRAGMENTS, MARKERS, pieces

PAGES = 2_000

anything = pieces([*FRAGMENTS, *MARKERS], 20)
harmless = st.sampled_from(
    ["", "\n", "text\r\n", "{{a|b=c}}\n", "== h ==\n", "\ufeff\x00 \u202e", "x" * 9_999]
)
with_region = st.builds(
    lambda parts: "".join(parts),
    st.tuples(
        harmless | pieces(FRAGMENTS, 8),
        st.just(BEGIN),
        harmless,
        st.just(END),
        harmless | pieces(FRAGMENTS, 8),
    ),
)
bodies = harmless | pieces(FRAGMENTS, 8) | anything


@settings(max_examples=PAGES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(page=with_region | with_region | anything, body=bodies)
@example(page=BEGIN + END, body="")
@example(page="\ufeffa\r\n" + BEGIN + "\r\nold\r\n" + END + "\x00  \n", body="\nnew\n")
@example(page="{{x|" + BEGIN + END, body="}}")
@example(page=BEGIN + END + "-->", body="<!--")
def test_outside_the_region_not_one_byte_differs(page: str, body: str) -> None:
    region = find_region(page, "intake")
    try:
        written = replace_region(page, "intake", body)
    except ValueError:
        event("refused")
        return
    event("written")
    assert isinstance(region, Region)
    before = page[: region.start].encode("utf-8", "surrogatepass")
    after = page[region.end :].encode("utf-8", "surrogatepass")
    assert before.rstrip().endswith(b"-->")
    assert after.startswith(b"<!--")
    assert written.encode("utf-8", "surrogatepass") == (
        before + body.encode("utf-8", "surrogatepass") + after
    )
    again = find_region(written, "intake")
    assert isinstance(again, Region)
    assert again.body == body
    assert replace_region(written, "intake", body) == written


@settings(max_examples=300, deadline=None)
@given(page=with_region)
def test_most_pages_with_one_region_are_written_to(page: str) -> None:
    """The property above would hold of a writer that refuses everything."""
    if "<" not in page.replace(BEGIN, "").replace(END, "") and "{{" not in page:
        assert replace_region(page, "intake", "new") != page
