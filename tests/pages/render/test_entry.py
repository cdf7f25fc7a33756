"""The parts of an entry, their order, and what is left out."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import markdown
import pytest

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import Digest, Document, Entry, Figure, License, Omission, Paper, Summary
from mkdocs_paperdigest.pages.publish import build_pages
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from tests.pages import papers

EXTENSIONS = ["attr_list", "md_in_html", "toc"]
Element = lxml.html.HtmlElement


def page_of(folder: Path, *entries: Entry, **options: object) -> Element:
    """The page of one topic with these entries, as a browser would read it."""
    options = papers.options(folder, period="all", **options)
    digest = replace(papers.other_topics()[2], entries=entries)
    return read(build_pages((digest,), options, now=papers.NOW), "quiet-field/index.md")


def read(files: list, name: str) -> Element:
    path = next(file.path for file in files if file.uri.endswith(name))
    source = path.read_text("utf-8").split("---\n", 2)[2]
    return lxml.html.fromstring(f"<main>{markdown.markdown(source, extensions=EXTENSIONS)}</main>")


def words(found: Element | list[Element]) -> str:
    element = found[0] if isinstance(found, list) else found
    return " ".join(element.text_content().split())


def entry(**changes: object) -> Entry:
    document = Document(
        "pdf", papers.figures(2), License("CC BY 4.0", "https://cc.example/by"), reader=DOCUMENT_VERSION
    )
    return replace(Entry(papers.DAWN, document, papers.full_summary()), **changes)


def with_summary(**changes: object) -> Entry:
    return entry(summary=replace(papers.full_summary(), **changes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    papers.blank(papers.DAWN, papers.figures(2), tmp_path)
    return tmp_path


def test_the_parts_come_in_the_order_that_styles_and_checks_rely_on(folder: Path) -> None:
    page = page_of(folder, entry())
    marks = [
        "h2", "pd-meta", "pd-links", "pd-summary", "pd-takeaways", "pd-abstract", "pd-reading", "pd-figures",
        "pd-provenance",
    ]  # fmt: skip
    found = [
        mark
        for child in page
        for mark in marks
        if child.tag == mark or mark in (child.get("class") or "").split()
    ]
    assert found == marks
    assert page.cssselect('h2[id="2410.13726"]')
    for selector in (".pd-links a", ".pd-takeaways li .pd-evidence", "details.pd-figures figure img"):
        assert page.cssselect(selector), selector
    assert not page.cssselect("details[open]")


def test_facts_come_from_the_paper(folder: Path) -> None:
    meta = words(page_of(folder, entry()).cssselect(".pd-meta"))
    for fact in (
        *papers.DAWN.authors,
        "arXiv:2410.13726v2",
        "17 October 2024",
        "cs.CV Computer Vision and Pattern Recognition",
        "cs.SD",
        "ICLR 2025",
    ):
        assert fact in meta
    assert "v2 · revised 18 October 2024" in meta


def test_the_first_version_is_not_marked_as_a_revision(folder: Path) -> None:
    page = page_of(folder, entry(paper=replace(papers.DAWN, version=1)))
    assert not page.cssselect(".pd-version")


def test_a_long_list_of_authors_is_folded_but_whole(folder: Path) -> None:
    page = page_of(folder, Entry(papers.OLD))
    assert len(page.cssselect(".pd-author")) == 60
    assert len(page.cssselect(".pd-more .pd-author")) == 54
    assert "and 54 more" in words(page.cssselect(".pd-more summary"))


def test_links_lead_to_arxiv_whatever_mirror_was_asked(folder: Path) -> None:
    page = page_of(folder, entry(), arxiv_url="http://127.0.0.1:9/mirror")
    links = [link.get("href") for link in page.cssselect(".pd-links a")]
    assert links == [
        "https://arxiv.org/abs/2410.13726v2",
        "https://arxiv.org/pdf/2410.13726v2",
        "https://arxiv.org/html/2410.13726v2",
        "https://github.com/Hanbo-Cheng/DAWN-pytorch",
        "https://hanbo-cheng.github.io/DAWN/",
        "quiet-field.bib",
        "quiet-field.ris",
    ]
    assert "127.0.0.1" not in lxml.html.tostring(page).decode()


def test_html_that_arxiv_does_not_have_is_not_linked(folder: Path) -> None:
    page = page_of(
        folder,
        entry(
            document=Document("pdf", notes=(Reason(ReasonCode.NO_HTML, Reason(ReasonCode.ARXIV_HAS_NONE)),))
        ),
    )
    assert not page.cssselect(".pd-link--html")
    assert "HTML" not in words(page.cssselect(".pd-provenance"))


def test_evidence_shows_the_quote_and_opens_its_page(folder: Path) -> None:
    first = page_of(folder, entry()).cssselect(".pd-takeaways li")[0]
    assert words(first.cssselect("blockquote p")).startswith("almost all methods rely on")
    assert first.cssselect("a")[0].get("href") == "https://arxiv.org/pdf/2410.13726v2#page=1"


def test_sentences_of_the_abstract_stand_as_quotations_without_marks(folder: Path) -> None:
    page = page_of(folder, entry(summary=papers.extracted_summary()))
    quotes = page.cssselect(".pd-takeaways blockquote.pd-quotes li")
    assert words(quotes[0]).startswith("Previous methods ignore")
    assert not page.cssselect(".pd-takeaways .pd-evidence")


def test_a_marked_statement_of_a_model_has_its_evidence_even_word_for_word(folder: Path) -> None:
    said = papers.claim("Said so.", "Said so.")
    page = page_of(folder, with_summary(takeaways=(said,), background=said))
    for place in (".pd-takeaways li", ".pd-reading dd"):
        assert page.cssselect(f"{place} .pd-evidence")


def test_no_page_calls_a_statement_verified(folder: Path) -> None:
    page = page_of(folder, entry())
    assert words(page.cssselect(".pd-evidence > summary")[0]) == "quote, p. 1"
    assert "verified" not in words(page)


def test_a_claim_that_was_not_found_has_no_mark(folder: Path) -> None:
    last = page_of(folder, entry()).cssselect(".pd-takeaways li")[-1]
    assert words(last) == "The code is public."
    assert not last.cssselect(".pd-evidence")


@pytest.mark.parametrize(
    ("changes", "selector"),
    [
        ({"summary": None}, ".pd-summary"),
        ({"takeaways": ()}, ".pd-takeaways, .pd-label"),
        ({"title_translation": None}, ".pd-translation"),
    ],
)
def test_a_missing_field_leaves_no_element(changes: dict[str, object], selector: str, folder: Path) -> None:
    assert not page_of(folder, with_summary(**changes)).cssselect(selector)


def test_the_reading_has_only_the_sections_that_exist(folder: Path) -> None:
    page = page_of(folder, with_summary(results=None, methods=(), keywords=(), affiliation=None))
    titles = [words(title) for title in page.cssselect(".pd-reading dt")]
    assert titles == ["Background", "Prior work", "Approach", "Significance", "Innovation", "Performance"]


def test_without_anything_to_read_there_is_no_reading(folder: Path) -> None:
    bare = Summary(
        model="extractive", language="en", made_at=papers.NOW, basis="abstract", summary="A sentence."
    )
    page = page_of(folder, entry(summary=bare, document=None))
    assert not page.cssselect(".pd-reading, .pd-figures, .pd-takeaways")
    assert words(page.cssselect(".pd-summary")) == "A sentence."


def test_keywords_alone_are_a_line_and_not_a_reading(folder: Path) -> None:
    page = page_of(folder, entry(summary=papers.extracted_summary()))
    assert not page.cssselect(".pd-reading")
    assert words(page.cssselect(".pd-keywords")) == "Keywords: gesture generation"


def test_keywords_that_stand_among_the_facts_are_not_repeated(folder: Path) -> None:
    report = replace(papers.REPORT, categories=("rate limiting", "file locks"))
    same = replace(papers.extracted_summary(), keywords=report.categories)
    page = page_of(folder, Entry(report, Document("pdf"), same))
    assert "file locks" in words(page.cssselect(".pd-meta"))
    assert not page.cssselect(".pd-keywords")


def test_what_the_paper_does_not_say_is_not_a_fault(folder: Path) -> None:
    omissions = (Omission("affiliation", ReasonCode.NOT_GIVEN), Omission("workload", ReasonCode.NUMBERS))
    text = words(page_of(folder, with_summary(omissions=omissions)).cssselect(".pd-provenance"))
    assert "Left out: Scope of the work (the model named numbers that the paper does not have)." in text
    assert "Not given: First author's affiliation." in text


def test_a_translation_that_is_not_needed_is_not_missing(folder: Path) -> None:
    omissions = (Omission("title_translation", ReasonCode.NOT_GIVEN),)
    text = words(page_of(folder, with_summary(omissions=omissions)).cssselect(".pd-provenance"))
    assert "Not given" not in text
    assert "Translated title" not in text


def test_a_field_replaced_by_the_abstract_is_not_left_out(folder: Path) -> None:
    omissions = (Omission("summary", ReasonCode.PLACEHOLDER), Omission("takeaways", ReasonCode.NOT_GIVEN))
    made = {"omissions": omissions, "extracted": ("summary", "takeaways")}
    text = words(page_of(folder, with_summary(**made)).cssselect(".pd-provenance"))
    assert (
        "Taken from the abstract instead: Summary (the model left a template unfilled), Key takeaways."
        in text
    )
    assert "Left out" not in text
    assert "Not given" not in text


def test_an_extract_lacks_only_fields_that_it_does_not_have(folder: Path) -> None:
    omissions = tuple(Omission(name, ReasonCode.BLOCKED) for name in ("summary", "keywords", "results"))
    extract = replace(papers.extracted_summary(), omissions=omissions)
    text = words(page_of(folder, entry(summary=extract)).cssselect(".pd-provenance"))
    assert "Left out: Results (refused by the provider)." in text


def test_nothing_is_said_to_come_from_an_abstract_that_there_is_not(folder: Path) -> None:
    omissions = tuple(Omission(name, ReasonCode.NO_ABSTRACT) for name in ("summary", "takeaways"))
    extract = replace(papers.extracted_summary(), summary=None, takeaways=(), omissions=omissions)
    missing = Reason(ReasonCode.ABSTRACT_ONLY, Reason(ReasonCode.NO_PDF_NAMED))
    document = Document("abstract", notes=(missing,))
    bare = Entry(replace(papers.REPORT, abstract=""), document, extract)
    page = page_of(folder, bare)
    assert (
        words(page.cssselect(".pd-provenance")) == "Left out: Summary (there is no abstract); "
        "Key takeaways (there is no abstract). The library names no PDF."
    )
    assert not page.cssselect(".pd-method")


def test_a_model_that_left_the_summary_out_is_named(folder: Path) -> None:
    page = page_of(folder, entry(summary=replace(papers.full_summary(), summary=None)))
    assert words(page.cssselect(".pd-method")) == "Written by a language model"


def test_formulas_in_titles_are_readable_in_the_table_of_contents() -> None:
    parser = markdown.Markdown(extensions=EXTENSIONS)
    parser.convert('## a <span class="arithmatex">x</span> { #x data-toc-label="a &#60;b&#62; &#38; √s" }')
    assert parser.toc_tokens[0]["name"] == "a &#60;b&#62; &#38; √s"  # type: ignore[attr-defined]


def test_the_id_stands_in_for_a_title_that_cannot_be_shown(folder: Path) -> None:
    page = page_of(folder, entry(paper=replace(papers.DAWN, title="\u202e\x07")))
    assert words(page.cssselect("h2[id='2410.13726']")) == "2410.13726v2"


def test_the_number_of_a_paper_is_not_read_as_the_number_of_an_issue(tmp_path: Path) -> None:
    options = papers.options(tmp_path, period="all")
    digest = replace(papers.other_topics()[2], entries=(entry(document=None),))
    files = build_pages((digest,), options, now=papers.NOW)
    path = next(file.path for file in files if file.uri.endswith("quiet-field/index.md"))
    options = {"pymdownx.magiclink": {"repo_url_shorthand": True, "user": "u", "repo": "r"}}
    page = markdown.markdown(
        path.read_text("utf-8").split("---\n", 2)[2],
        extensions=[*EXTENSIONS, "pymdownx.magiclink"],
        extension_configs=options,
    )
    assert len(lxml.html.fromstring(f"<main>{page}</main>").cssselect("h2[id='2410.13726']")) == 1


def test_each_figure_says_what_it_is_and_whose(folder: Path) -> None:
    figure = page_of(folder, entry()).cssselect("details.pd-figures figure")[0]
    image = figure.cssselect("img")[0]
    assert image.get("src") == "../assets/2410.13726v2/fig-1-small.webp"
    assert image.getparent().get("href") == "../assets/2410.13726v2/fig-1.webp"
    assert image.get("alt").startswith("Figure 1: Overview of the framework.")
    assert (image.get("width"), image.get("height"), image.get("loading")) == ("1600", "620", "lazy")
    caption = words(figure.cssselect("figcaption"))
    for part in (
        "Figure 1",
        "Overview of the framework",
        "page 2",
        "Hanbo Cheng et al.",
        "2410.13726v2",
        "CC BY 4.0",
    ):
        assert part in caption
    links = [link.get("href") for link in figure.cssselect("figcaption a")]
    assert links == [
        "https://arxiv.org/pdf/2410.13726v2#page=2", "../assets/2410.13726v2/fig-1.webp", "https://cc.example/by",
    ]  # fmt: skip


def with_table_first(folder: Path) -> Entry:
    table = Figure("表 2", "Ablation of the $k$ branches.", 5, "table-1.webp", 900, 300)
    document = Document("pdf", (table, *papers.figures(2)), reader=DOCUMENT_VERSION)
    papers.blank(papers.DAWN, (*papers.figures(2), table), folder)
    return entry(document=document)


def test_a_table_stands_among_the_figures_as_they_do(tmp_path: Path) -> None:
    gallery = page_of(tmp_path, with_table_first(tmp_path)).cssselect("details.pd-figures")[0]
    assert words(gallery.cssselect("summary")) == "2 figures · 1 table"
    table = gallery.cssselect("figure")[0]
    image = table.cssselect("img")[0]
    assert image.get("src") == image.getparent().get("href") == "../assets/2410.13726v2/table-1.webp"
    assert image.get("alt").startswith("表 2: Ablation of the")
    caption = words(table.cssselect("figcaption"))
    assert all(part in caption for part in ("表 2", "Ablation of the", "page 5", "Hanbo Cheng et al."))


@pytest.mark.parametrize(("name", "page"), [("table-1.webp", 0), ("table-1.webp", 5), ("fig-1.webp", 0)])
def test_a_table_of_the_html_says_so_since_it_was_set_again(name: str, page: int, tmp_path: Path) -> None:
    figure = Figure("Table 1", "Ablation.", page, name, 900, 300)
    papers.blank(papers.DAWN, (figure,), tmp_path)
    document = Document("html", (figure,), reader=DOCUMENT_VERSION)
    source = words(page_of(tmp_path, entry(document=document)).cssselect("figcaption .pd-source"))
    assert ("set from arXiv's HTML" in source) is (name.startswith("table") and page == 0)


def test_a_figure_stands_for_its_paper_before_any_table(tmp_path: Path) -> None:
    lead = page_of(tmp_path, with_table_first(tmp_path)).cssselect(".pd-lead")[0]
    assert lead.cssselect("img")[0].get("src") == "../assets/2410.13726v2/fig-1-cover.webp"
    assert lead.cssselect("a")[0].get("href") == "../assets/2410.13726v2/fig-1.webp"


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ({"tables": False}, ["Figure 1", "Figure 2"]),
        ({"figures_max": 2}, ["表 2", "Figure 1"]),
        ({"figures": False}, []),
    ],
)
def test_options_leave_tables_out(options: dict[str, object], labels: list[str], tmp_path: Path) -> None:
    page = page_of(tmp_path, with_table_first(tmp_path), **options)
    assert [words(label) for label in page.cssselect("figure figcaption b")] == labels


def test_alternative_texts_are_harmless_to_lightboxes_that_show_them_as_html(tmp_path: Path) -> None:
    files = build_pages((papers.talking_heads(tmp_path),), papers.options(tmp_path), now=papers.NOW)
    texts = [image.get("alt") for image in read(files, "2024-w42.md").cssselect("figure img")]
    assert any("script" in text for text in texts)
    assert not any(mark in text for text in texts for mark in "<>")


def test_withheld_figures_are_linked_instead(folder: Path) -> None:
    closed = Document("pdf", papers.figures(2), License("arXiv non-exclusive"), reader=DOCUMENT_VERSION)
    page = page_of(folder, entry(document=closed), figures_license="open")
    assert not page.cssselect("figure")
    text = page.cssselect(".pd-provenance")[0]
    assert "does not allow showing its figures" in words(text)
    assert text.cssselect("a")[0].get("href") == "https://arxiv.org/pdf/2410.13726v2"


def test_a_site_may_show_the_figures_of_its_own_reports(folder: Path) -> None:
    papers.blank(papers.REPORT, papers.figures(1), folder)
    own = Entry(papers.REPORT, Document("pdf", papers.figures(1), reader=DOCUMENT_VERSION))
    page = page_of(folder, own, figures_license="open")
    assert len(page.cssselect("figure")) == 1
    assert "arXiv" not in words(page.cssselect("figcaption"))


def test_a_withdrawn_paper_is_a_notice_and_nothing_more(folder: Path) -> None:
    gone = replace(papers.DAWN, comment="This paper has been withdrawn by the author")
    page = page_of(folder, entry(paper=gone))
    assert "withdrawn" in words(page.cssselect(".pd-notice[data-state=withdrawn]"))
    assert not page.cssselect(".pd-summary, .pd-takeaways, .pd-reading, .pd-figures")
    text = words(page.cssselect(".pd-provenance"))
    assert text == "Withdrawn by its authors in the version of 18 October 2024; neither read nor summarized."
    assert page.cssselect(".pd-link--abstract")
    assert not page.cssselect(".pd-link--pdf, .pd-link--html")


def test_the_provenance_says_who_when_from_what_and_how_many_takeaways_are_quoted(folder: Path) -> None:
    text = words(page_of(folder, entry()).cssselect(".pd-provenance"))
    assert text == (
        "Summarized by Gemini 3.5 Flash-Lite on 20 October 2024 from the full text (PDF). "
        "3 of 4 takeaways carry a quotation found in the paper. Left out: Scope of the work (the model left a template unfilled)."
    )


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("gemini/gemini-2.5-flash", "Gemini 2.5 Flash"),
        ("gemini/gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite"),
        ("google-generativeai/gemini-2.5-pro", "Gemini 2.5 Pro"),
        ("gemini/gemini-2.5-flash-preview-09-2025", "Gemini 2.5 Flash Preview 09-2025"),
        ("gemini/gemini-flash-latest", "Gemini Flash Latest"),
        ("gemini/gemma-3-27b-it", "Gemma 3 27B IT"),
        ("openai/gpt-4o-mini", "GPT-4o mini"),
        ("openai/gpt-5", "GPT-5"),
        ("openai/gpt-4.1-nano-2025-04-14", "GPT-4.1 nano 2025-04-14"),
        ("openai/anthropic/claude-3-5-sonnet-20241022", "Claude 3.5 Sonnet"),
        ("openai/claude-sonnet-4-5", "Claude Sonnet 4.5"),
        # Their names follow no rule, so they stay as the server has them.
        ("openai/gpt-oss-120b", "gpt-oss-120b"),
        ("openai/o3-mini", "o3-mini"),
        ("openai/qwen3:8b", "qwen3:8b"),
        ("openai/deepseek-chat", "deepseek-chat"),
        ("openai/meta-llama/Llama-3.1-8B-Instruct", "Llama-3.1-8B-Instruct"),
    ],
)
def test_models_are_named_as_people_know_them(folder: Path, model: str, name: str) -> None:
    found = page_of(folder, with_summary(model=model)).cssselect(".pd-provenance")
    assert f"Summarized by {name} on" in words(found)
    assert found[0].get("title") == model


def test_a_mixed_page_says_what_is_mixed(tmp_path: Path) -> None:
    digest = papers.talking_heads()
    dawn = next(entry for entry in digest.entries if entry.paper == papers.DAWN)
    salient = next(entry for entry in digest.entries if entry.paper == papers.SALIENT)
    gpt = replace(papers.full_summary(), model="openai/gpt-4o-mini")

    def method(*entries: Entry, language: str = "en") -> str:
        options = papers.options(tmp_path, language=language, period="all")
        files = build_pages((replace(digest, entries=entries),), options, now=papers.NOW)
        return words(read(files, "talking-head-generation/index.md").cssselect(".pd-method"))

    assert method(dawn) == "Written by a language model"
    assert method(salient) == "From the abstracts"
    third = replace(dawn, paper=replace(papers.DAWN, id="2410.13727"), summary=gpt)
    assert method(dawn, salient, third) == "1 by GPT-4o mini, 1 by Gemini 3.5 Flash-Lite, 1 from the abstract"
    assert method(dawn, salient, language="zh") == "1 篇由 Gemini 3.5 Flash-Lite 撰写、1 篇摘自论文摘要"


def test_lists_show_translated_titles(tmp_path: Path) -> None:
    digest = papers.talking_heads(language="zh")
    files = build_pages((digest,), papers.options(tmp_path, language="zh"), now=papers.NOW)
    translated = "DAWN：基于非自回归扩散框架的动态帧化身说话人视频生成"
    rows = read(files, "digests/index.md").cssselect(".pd-newest > li")
    found = [words(row.cssselect(".pd-translation")) for row in rows if row.cssselect(".pd-translation")]
    assert translated in found
    assert len(rows) > len(found)


def test_an_extract_is_called_an_extract(folder: Path) -> None:
    page = page_of(folder, entry(summary=papers.extracted_summary()))
    text = words(page.cssselect(".pd-provenance"))
    assert text.startswith("Extracted from the abstract without a language model")
    assert "verified" not in text


def test_the_provenance_translates_what_is_missing_and_why(folder: Path) -> None:
    summary = papers.full_summary(
        "zh", extracted=("takeaways",), omissions=(Omission("results", ReasonCode.BLOCKED),)
    )
    encrypted = Reason(ReasonCode.NO_FIGURES, Reason(ReasonCode.PDF_ENCRYPTED))
    unforeseen = Reason(ReasonCode.OTHER, text="a new kind of trouble")
    document = Document("abstract", notes=(encrypted, unforeseen))
    page = page_of(folder, Entry(papers.DAWN, document, summary, trouble=(unforeseen,)), language="zh")
    text = words(page.cssselect(".pd-provenance"))
    for part in ("以下内容改为摘自论文摘要：要点。", "任务与性能（服务方拒答）", "没有插图：PDF 已加密。"):
        assert part in text
    assert "new kind of trouble" not in text
    assert text.count("此处有内容缺失。") == 1


def test_an_unknown_reason_is_still_a_reason(folder: Path) -> None:
    page = page_of(folder, with_summary(omissions=(Omission("results", ReasonCode("some_new_rule")),)))
    assert "Results (did not pass the checks)" in words(page.cssselect(".pd-provenance"))


def test_a_paper_of_two_topics_names_the_other(tmp_path: Path) -> None:
    files = build_pages(
        (papers.talking_heads(), *papers.other_topics()), papers.options(tmp_path), now=papers.NOW
    )
    page = read(files, "talking-head-generation/2024-w42.md")
    link = page.cssselect(".pd-also a")[0]
    assert words(link) == "Speech"
    assert link.get("href") == "../speech/2024-w42.md#2410.13726"


@pytest.mark.parametrize(
    ("slug", "state", "notice"),
    [
        ("speech", "stale", "These papers are as of 18 October 2024 12:00 UTC. Their source has not been reachable since."),
        ("nothing-yet", "never", "These papers could not be fetched yet. The page fills as soon as their source can be reached."),
        ("quiet-field", "empty", "No papers were found for this topic."),
        ("only-waiting", "waiting", "1 paper is shown by its abstract so far; its full text and figures follow."),
    ],
)  # fmt: skip
def test_every_state_of_a_topic_has_one_notice_without_the_trouble_of_operators(
    slug: str, state: str, notice: str, tmp_path: Path
) -> None:
    digests = (papers.talking_heads(), *papers.other_topics())
    files = build_pages(digests, papers.options(tmp_path), now=papers.NOW)
    (found,) = read(files, f"{slug}/index.md").cssselect(".pd-notice:not([data-state=withdrawn])")
    assert (found.get("data-state"), words(found)) == (state, notice)


def test_the_index_has_one_notice_for_all_topics(tmp_path: Path) -> None:
    digests = (papers.talking_heads(), *papers.other_topics())
    page = read(build_pages(digests, papers.options(tmp_path), now=papers.NOW), "digests/index.md")
    (found,) = page.cssselect(".pd-notice")
    assert words(found) == (
        "Not up to date: Speech. Their source has not been reachable since 18 October 2024 12:00 UTC. "
        "Not fetched yet: Nothing yet."
    )
    states = [words(state) for state in page.cssselect(".pd-state")]
    assert "0 papersUpdated 20 Oct 2024No papers were found for this topic." in states
    assert states[-1].endswith("1 paper is shown by its abstract so far; its full text and figures follow.")
    files = build_pages(digests[:1], papers.options(tmp_path / "fresh"), now=papers.NOW)
    assert not read(files, "digests/index.md").cssselect(".pd-notice")


def test_the_index_shows_covers_with_their_source(tmp_path: Path) -> None:
    files = build_pages((papers.talking_heads(tmp_path),), papers.options(tmp_path), now=papers.NOW)
    page = read(files, "digests/index.md")
    rows = page.cssselect(".pd-newest > li")
    assert len(rows) == 5
    cover = rows[1].cssselect("img.pd-cover")[0]
    assert cover.get("src") == "assets/2410.13726v2/fig-1-cover.webp"
    assert cover.get("title") == "Figure 1, Hanbo Cheng et al., arXiv:2410.13726v2, CC BY 4.0"
    assert rows[1].cssselect("a")[0].get("href") == "talking-head-generation/2024-w42.md#2410.13726"
    assert words(rows[1].cssselect(".pd-by")).startswith("Hanbo Cheng et al. · cs.CV, cs.SD, eess.AS · Code")
    found = words(rows[1].cssselect(".pd-by > [hidden]"))
    assert all(word in found for word in ("Jia Pan", "Computer Vision", "diffusion model"))


def test_papers_set_aside_are_listed_by_title_and_score_only(tmp_path: Path) -> None:
    files = build_pages((papers.talking_heads(),), papers.options(tmp_path), now=papers.NOW)
    aside = read(files, "talking-head-generation/index.md").cssselect("details.pd-set-aside")[0]
    assert words(aside.cssselect("li")) == "Speech Codecs for Talking Drums 1/10"
    assert not aside.cssselect(".pd-summary, .pd-links")


def test_every_page_thanks_arxiv(tmp_path: Path) -> None:
    digests = (papers.talking_heads(), *papers.other_topics())
    for language in ("en", "zh", "fr"):
        files = build_pages(digests, papers.options(tmp_path, language=language), now=papers.NOW)
        pages = [file.path.read_text("utf-8") for file in files if file.uri.endswith(".md")]
        assert all("Thank you to arXiv for use of its open access interoperability" in page for page in pages)


def test_entries_are_newest_first(tmp_path: Path) -> None:
    digest: Digest = papers.talking_heads()
    shuffled = replace(digest, entries=digest.entries[::-1])
    files = build_pages((shuffled,), papers.options(tmp_path), now=papers.NOW)
    ids = [title.get("id") for title in read(files, "2024-w42.md").cssselect("h2")]
    assert ids == ["2410.13786", "2410.13726", "2410.00007", "2410.06666"]


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    digest = papers.talking_heads(tmp_path)
    files = build_pages((digest,), papers.options(tmp_path), now=papers.NOW)
    page = read(files, "2024-w42.md")
    assert not page.cssselect("script, iframe, em, strong, code, [onclick], [onerror], [onmouseover]")
    for link in page.cssselect("a"):
        assert link.get("href").split(":")[0] in {"https", "../assets/2410.06666v1/fig-1.webp", "talking-head-generation.bib", "talking-head-generation.ris"} or link.get("href").startswith(("../", "index.md", "2024-", "#"))  # fmt: skip
    assert "[A][b] *x* __init__ {{ boom }}" in words(page.cssselect('h2[id="2410.06666"]'))
    assert len(page.cssselect("h2")) == 4


def test_an_old_id_makes_a_sound_anchor(folder: Path) -> None:
    paper: Paper = papers.OLD
    assert page_of(folder, Entry(paper)).cssselect('h2[id="hep-th-9901001"]')


@pytest.mark.parametrize(
    ("precision", "language", "shown", "attribute"),
    [
        ("day", "en", "3 July 2023", "2023-07-03"),
        ("month", "en", "July 2023", "2023-07"),
        ("year", "en", "2023", "2023"),
        ("month", "zh", "2023年7月", "2023-07"),
        ("year", "zh", "2023年", "2023"),
    ],
)
def test_no_more_of_a_reports_date_is_shown_than_is_known(
    folder: Path, precision: str, language: str, shown: str, attribute: str
) -> None:
    published = datetime(2023, 7, 3, tzinfo=UTC)
    report = replace(papers.REPORT, published=published, date_precision=precision)
    (date,) = page_of(folder, Entry(report), language=language).find_class("pd-date")
    assert (words(date), date.get("datetime")) == (shown, attribute)
    assert date.get("title") is None, "a report was not submitted"


def test_a_paper_of_arxiv_was_submitted_on_a_day(folder: Path) -> None:
    (date,) = page_of(folder, entry()).find_class("pd-date")
    assert date.get("title") == f"Submitted {words(date)}"
