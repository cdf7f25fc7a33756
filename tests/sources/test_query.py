"""Topics as arXiv queries, and queries that arXiv would misread."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.arxiv.grammar import explicit
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.sources.query import build_query, check_query


def topic(**terms: tuple[str, ...]) -> Topic:
    return Topic("Talking head", "talking-head", **terms)


def test_a_phrase_is_searched_in_title_and_abstract() -> None:
    query = build_query(topic(phrases=("talking head", "NeRF")))
    assert query == ('((ti:"talking head" OR abs:"talking head") OR (ti:"NeRF" OR abs:"NeRF"))')


def test_categories_and_exclusions_narrow_everything_that_is_looked_for() -> None:
    query = build_query(
        topic(
            phrases=("talking head",),
            authors=("Del Maestro", "O'Brien, Tim"),
            query=("ti:avatar AND co:CVPR",),
            categories=("cs.CV", "cs.SD"),
            exclude=("survey",),
        )
    )
    assert query == (
        '((((ti:"talking head" OR abs:"talking head") OR au:"Del Maestro" OR au:"O\'Brien, Tim"'
        " OR (ti:avatar AND co:CVPR)) AND (cat:cs.CV OR cat:cs.SD))"
        ' ANDNOT ((ti:"survey" OR abs:"survey")))'
    )


def test_former_and_divided_categories_are_searched_by_all_their_names() -> None:
    query = build_query(
        topic(phrases=("gate",), categories=("cmp-lg", "cs.CL", "astro-ph", "physics.optics"))
    )
    assert query.endswith(
        " AND (cat:cmp-lg OR cat:cs.CL OR cat:astro-ph OR cat:astro-ph.* OR cat:physics.optics))"
    )


def test_a_topic_without_search_terms_has_no_query() -> None:
    assert build_query(topic(ids=("2410.13786",))) == ""


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"phrases": ("***",)}, "'***' has neither letters nor digits"),
        ({"phrases": ("ok",), "exclude": ('""',)}, "has neither letters nor digits"),
        ({"phrases": ("ok",), "categories": ("cs",)}, "write cs.* for all of it"),
        ({"query": ("talking head",)}, "put a phrase in quotes"),
    ],
)
def test_a_topic_that_cannot_be_searched_is_the_users_mistake(terms, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(problem)) as caught:
        build_query(topic(**terms))
    assert str(caught.value).startswith("topic 'Talking head': ")


PHRASES = st.text(min_size=1, max_size=40).filter(lambda text: re.search(r"[^\W_]", text))
TRAPS = st.sampled_from(
    ['say "hi"', "a) OR (b", "ANDNOT", "submittedDate:[2024 TO 2025]", "C*-algebra", "$\\alpha$", "a\nb"]
)


@given(st.lists(PHRASES | TRAPS, min_size=1, max_size=4), st.lists(PHRASES | TRAPS, max_size=2))
def test_no_phrase_can_escape_from_its_quotes(phrases: list[str], exclude: list[str]) -> None:
    query = build_query(
        topic(phrases=tuple(phrases), authors=tuple(exclude), categories=("cs.CV",), exclude=tuple(exclude))
    )
    assert check_query(query) is None
    skeleton = re.sub(r'"[^"\\]*"', '""', query)
    expected = ['(ti:"" OR abs:"")'] * len(phrases) + ['au:""'] * len(exclude)
    inner = f"(({' OR '.join(expected)}) AND (cat:cs.CV))"
    if exclude:
        unwanted = " OR ".join(['(ti:"" OR abs:"")'] * len(exclude))
        inner = f"({inner} ANDNOT ({unwanted}))"
    assert skeleton == inner


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        ("transformer", "all:transformer"),
        ('ti:"talking head"', 'ti:"talking head"'),
        ('title: "talking  head"', 'ti:"talking head"'),
        ("ti:a AND abs:b AND cat:cs.CV", "ti:a AND abs:b AND cat:cs.CV"),
        ("ti:(a OR b) AND c", "(ti:a OR ti:b) AND all:c"),
        ("((ti:a)) ANDNOT (ti:b OR co:c)", "ti:a ANDNOT (ti:b OR co:c)"),
        ("ti:a AND ti:b ANDNOT ti:c", "ti:a AND ti:b ANDNOT ti:c"),
        ("au:del_maestro AND ti:checkerboard", 'au:"del maestro" AND ti:checkerboard'),
        ("cat:cs.*", "cat:cs.*"),
        ("ti:trans*", "ti:trans*"),
        ("doi:10.1000/x-1", "doi:10.1000/x-1"),
        ("id:hep-th/9901001", "id:hep-th/9901001"),
        ("co:2024", "co:2024"),
        ("submittedDate:[202401010000 TO 202401312359]", "submittedDate:[202401010000 TO 202401312359]"),
        (
            "cat:cs.CV AND submittedDate:[20240101 TO 20240131]",
            "cat:cs.CV AND submittedDate:[202401010000 TO 202401312359]",
        ),
        ("submittedDate:[2024 TO 202402]", "submittedDate:[202401010000 TO 202402292359]"),
        ("ti:a\n  AND ti:b", "ti:a AND ti:b"),
    ],
)
def test_a_query_that_arxiv_understands_is_made_explicit(raw: str, meaning: str) -> None:
    assert explicit(raw) == meaning
    assert check_query(raw) is None


@pytest.mark.parametrize(
    ("raw", "cure"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("talking head", "put a phrase in quotes, or write AND or OR"),
        ('"talking" head', "put a phrase in quotes"),
        ("ti:(talking head)", "put a phrase in quotes"),
        ("co:CVPR 2024", "put a phrase in quotes"),
        ("(ti:a) (ti:b)", "arXiv reads as OR"),
        ("all:2024", 'co:"CVPR 2024"'),
        ("ti:a AND 2410", "submittedDate:"),
        ("ti:a and ti:b", "write AND in capitals"),
        ("ti:a Or ti:b", "write OR in capitals"),
        ("ti:a not ti:b", "write ANDNOT"),
        ("ti:a AND NOT ti:b", "write ANDNOT"),
        ("ti:a NOT ti:b", "write ANDNOT"),
        ("NOT ti:b", "say first what to look for"),
        ("ANDNOT (ti:a OR ti:b)", "say first what to look for"),
        ("ti:a AND (ANDNOT ti:b)", "say first what to look for"),
        ("ti:a -ti:b", "write AND"),
        ("ti:a AND -b", "write ANDNOT b"),
        ("ti:a AND OR ti:b", "leave out one"),
        ("ti:a AND", "nothing follows AND"),
        ("AND ti:a", "it begins with AND"),
        ("ti:a AND ti:b OR ti:c", "put parentheses around what belongs together"),
        ("ti:a OR ti:b AND ti:c", "put parentheses around what belongs together"),
        ("ti:a ANDNOT ti:b OR ti:c", "put parentheses around what belongs together"),
        ("ti:a ANDNOT ti:b ANDNOT ti:c", "put parentheses around what belongs together"),
        ("(ti:a", "a parenthesis is not closed"),
        ("ti:a)", "a closing parenthesis has no opening one"),
        ("ti:a AND ()", "nothing between two parentheses"),
        ('ti:"a', "a quotation mark is not closed"),
        ('ti:""', "neither letters nor digits"),
        ("ti:a AND ti:&", "neither letters nor digits"),
        ("ti:", "nothing to search for follows ti:"),
        ("ti: AND b", "nothing to search for follows ti:"),
        ("abstract:x", "write abs:"),
        ("primary:cs.CV", "write cat:"),
        ("lang:en", "there are ti, au, abs"),
        ("TI:a", "write ti:"),
        ("all:foo:bar", "nothing to search for follows all:"),
        ("ti:foo-bar:baz", 'put it in quotes: "foo-bar:baz"'),
        ("cat:cs", "write cs.*"),
        ("*foo", "begins with a wildcard"),
        ("ti:?foo", "begins with a wildcard"),
        ("lastUpdatedDate:[20240101 TO 20240131]", "arXiv reads lastUpdatedDate: as submittedDate:"),
        ("lastUpdatedDate:2024", "arXiv reads lastUpdatedDate: as submittedDate:"),
        ("submittedDate:[2024-01-01 TO 2024-01-31]", "with twelve digits each"),
        ("submittedDate:[* TO 2024]", "with twelve digits each"),
        ("submittedDate:[20240230 TO 20240301]", "with twelve digits each"),
        ("submittedDate:[20240101 TO 20240131", "with twelve digits each"),
        ("submittedDate:2024*", "with twelve digits each"),
        ("submittedDate:[2025 TO 2024]", "is after the second"),
        ("ti:a+AND+ti:b", "encoded for a URL"),
        ("ti:%22a%22", "encoded for a URL"),
        ("ti:“a”", "is not a quotation mark to arXiv"),
        ("ti:a\\b", "backslash"),
        ('ti:"submittedDate:[2024 TO 2025]"', "would be read as a date"),
    ],
)
def test_a_query_that_arxiv_refuses_or_misreads_gets_a_cure(raw: str, cure: str) -> None:
    assert cure in (check_query(raw) or "nothing wrong")


def test_deeply_nested_queries_end() -> None:
    assert check_query("(" * 50 + "ti:a" + ")" * 50) is None
    assert "nested" in (check_query("(" * 5000 + "ti:a" + ")" * 5000) or "")


@given(st.text('abAND OR()":ti*?-_[]0 19', max_size=40) | st.text(max_size=30))
def test_explicit_queries_are_explicit(raw: str) -> None:
    if check_query(raw) is None:
        query = explicit(raw)
        assert explicit(query) == query
        assert re.match(r"[(a-z]", query)
