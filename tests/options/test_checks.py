"""Values of options mean what a user would think, or are refused with the cure."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.options import checks as values


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20h", timedelta(hours=20)),
        ("30d", timedelta(days=30)),
        (" 2 W ", timedelta(weeks=2)),
        ("1.5h", timedelta(minutes=90)),
    ],
)
def test_ages(written: str, meant: timedelta) -> None:
    assert values.age(written) == meant


@pytest.mark.parametrize("written", ["", "h", "30", 30, "30 days ago", "-3d", None, "9" * 400 + "w"])
def test_other_ages_are_refused_with_the_cure(written: object) -> None:
    with pytest.raises(ValueError, match="write 20h, 30d or 2w"):
        values.age(written)


def test_since_is_a_day_or_an_age() -> None:
    assert values.since(date(2024, 10, 1)) == date(2024, 10, 1)
    assert values.since("2024-10-01") == date(2024, 10, 1)
    assert values.since("30d") == timedelta(days=30)
    with pytest.raises(ValueError, match="neither a date nor an age; write 2024-10-01 or 30d"):
        values.since("yesterday")


@pytest.mark.parametrize(
    ("number", "meant"),
    [(2410.13726, "2410.13726"), (2410.1372, "2410.13720"), (704.0001, "0704.0001"), (1412.001, "1412.0010")],
)
def test_ids_that_yaml_reads_as_numbers_keep_their_digits(number: float, meant: str) -> None:
    assert values.arxiv_ids([number]) == (meant,)


def test_ids_of_all_styles() -> None:
    ids = ["2410.13726v2", "hep-th/9901001v2", "arXiv:2410.13786"]
    assert values.arxiv_ids(ids) == ("2410.13726v2", "hep-th/9901001v2", "2410.13786")
    with pytest.raises(ValueError, match="2410"):
        values.arxiv_ids(["2410.1"])


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Talking head generation", "talking-head-generation"),
        ("C++ & Rust: a (re)view", "c-rust-a-re-view"),
        ("说话人头部生成", "说话人头部生成"),
        ("Ｆｕｌｌ　width", "full-width"),
        ("../../etc", "etc"),
    ],
)
def test_slugs_are_readable_in_any_script(title: str, slug: str) -> None:
    assert values.slug_of(title) == slug
    assert values.slug(slug) == slug


@given(st.text())
def test_a_slug_is_one_safe_path_segment(title: str) -> None:
    slug = values.slug_of(title)
    assert not set(slug) & set("/\\.#?%: \n\t<>\"'&")
    assert slug == values.slug_of(slug)


@pytest.mark.parametrize(
    "written", ["ftp://x", "https://", "x.org", "http://[bad", "https://u:p@x.org", "http://x?a=1"]
)
def test_base_urls_that_cannot_be_one(written: str) -> None:
    with pytest.raises(ValueError, match="not the base of web addresses"):
        values.base_url(written)


@pytest.mark.parametrize("written", ["..", "a/../b", "a\\b", "/", "a//b"])
def test_folders_stay_inside_the_site(written: str) -> None:
    with pytest.raises(ValueError, match="not a folder of the site"):
        values.folder(written)


def test_counts_and_seconds_have_bounds() -> None:
    assert values.count(1, 5)(5) == 5
    assert values.seconds(0)(0.5) == 0.5
    for wrong in (0, 6, True, "3", 2.0, None):
        with pytest.raises(ValueError, match="whole number from 1 to 5"):
            values.count(1, 5)(wrong)
    for wrong in (-1, True, "3", float("nan")):
        with pytest.raises(ValueError, match="number of seconds"):
            values.seconds(0)(wrong)


@pytest.mark.parametrize("written", ["cs.CV", "cs.*", "hep-th", "cond-mat.str-el", "cmp-lg"])
def test_categories_that_arxiv_has_or_had(written: str) -> None:
    assert values.categories(written) == (written,)


@pytest.mark.parametrize("written", ["cs.XX", "cs", "CS.CV", "cv", "xx.*", "cs.CV or cs.LG"])
def test_other_categories_would_find_nothing(written: str) -> None:
    with pytest.raises(ValueError, match=r"^is wrong: "):
        values.categories([written])


@pytest.mark.parametrize("written", ["a@b.example", "mailto:a@b.example", "https://lab.example/a?b"])
def test_contacts_that_arxiv_could_use(written: str) -> None:
    assert values.contact(written) == written


def test_contacts_that_cannot_be_sent() -> None:
    with pytest.raises(ValueError, match="has characters that cannot be sent: ä; write it in ASCII"):
        values.contact("wiki@läb.example")
    for wrong in ("lab", "ftp://lab.example", "a b@c.example", "a@b", "https://"):
        with pytest.raises(ValueError, match="neither an e-mail address nor a URL"):
            values.contact(wrong)


@pytest.mark.parametrize("written", ["en", "zh", "zh_Hans", "zh-TW", "pt-BR", "la", "sr-Latn-RS"])
def test_codes_of_languages(written: str) -> None:
    assert values.language(written) == written


@pytest.mark.parametrize("written", ["english", "xx", "de_DE.UTF-8", "", "Deutsch", "e"])
def test_what_is_no_code_of_a_language(written: str) -> None:
    with pytest.raises(ValueError, match=r"not the code of a language|not text"):
        values.language(written)


def test_since_may_be_today_but_not_next_year() -> None:
    today = datetime.now(UTC)
    assert values.since(today) == today.date()
    with pytest.raises(ValueError, match="is in the future"):
        values.since(today + timedelta(days=365))
