"""What a search knows of a page: the same as Material makes of the whole page, in fewer tags."""

import re

from material.plugins.search.plugin import Parser

from mkdocs_paperdigest.plugin.search import searchable

PAGE = """
<h1 id="day">A day<a class="headerlink" href="#day" title="Permanent link">&para;</a></h1>
<p class="pd-span">2 papers</p>
<h2 class="pd-title" id="2410.00001">Gates &amp; <span class="arithmatex">\\(x &lt; y\\)</span><a class="headerlink" href="#x">&para;</a></h2>
<div class="pd-meta"><div class="pd-authors"><span>Ada</span>, <span>Grace</span></div><p>Accepted <br />2024 <img src="x.png" /></p></div>
<p class="pd-summary">A gate&#39;s <sub>sub</sub> summary.</p>
<ol class="pd-takeaways"><li><span>One claim.</span> <details><summary data-search-exclude="">p. 3</summary>
<blockquote data-search-exclude="detail"><p>A quoted sentence.</p></blockquote></details></li></ol>
<details><summary data-search-exclude="">Reading</summary><dl data-search-exclude="detail"><dt>Method</dt><dd>A close reading.<br></dd></dl></details>
<script>var x = "<p>no</p>";</script>
<h2 id="older" data-search-exclude="">Older</h2>
<p>A list of weeks.</p>
<h3 id="older-still">Still older</h3>
<p>More weeks.</p>
<h2 id="last">Last</h2>
<p>Thanks.</p>
"""


def indexed(html: str) -> list[tuple[str, str, str]]:
    """What Material's search makes of a page: id, title and text of each section."""
    parser = Parser()
    parser.feed(html)
    parser.close()
    sections = [section for section in parser.data if not section.is_excluded()]
    return [(section.id or "", words(section.title), words(section.text)) for section in sections]


def words(parts: list[str]) -> str:
    return " ".join(re.sub(r"(<[^>]*>)", r" \1 ", "".join(parts)).split())


def test_the_index_is_the_same_as_of_the_whole_page() -> None:
    # A section below one that is left out is left out as well, which Material's search does not do.
    whole = PAGE.replace('<h3 id="older-still">', '<h3 id="older-still" data-search-exclude="">')
    assert indexed(searchable(PAGE, details=False)) == indexed(whole)
    assert [section[0] for section in indexed(whole)] == ["", "day", "2410.00001", "last"]


def test_details_are_found_where_a_site_wants_them() -> None:
    assert "close reading" not in searchable(PAGE, details=False)
    text = searchable(PAGE, details=True)
    assert "A close reading." in text
    assert "A quoted sentence." in text
    assert "p. 3" not in text
    assert "weeks" not in text


def test_the_entry_of_a_row_is_found_below_its_own_heading() -> None:
    row = """<h2 id="first">First</h2><p>One.</p><details class="pd-row"><summary><h2 id="second">Second</h2>
        <span class="pd-by">Ada</span></summary>
        <div class="pd-entry" data-search-exclude="row"><p>Two.</p></div></details>"""
    whole = [("first", "First", "<p> One. </p>"), ("second", "Second", "Ada <p> Two. </p>")]
    assert indexed(f"<h1 id='a'>A</h1>{searchable(row, details=False)}")[1:] == whole
    # Without the mark, Material would add "Two." to "First".
    assert indexed(f"<h1 id='a'>A</h1>{row}")[1:] == [whole[0], ("second", "Second", "Ada")]


def test_no_tags_but_those_of_results_remain() -> None:
    tags = set(re.findall(r"</?(\w+)", searchable(PAGE, details=True)))
    assert tags == {"h1", "h2", "p", "ol", "li", "sub"}


def test_text_that_looks_like_markup_stays_text() -> None:
    assert searchable("<p>a &lt;p&gt; &amp;lt; b &#60;i&#62;</p>", details=False) == (
        "<p>a &lt;p&gt; &amp;lt; b &#60;i&#62;</p>"
    )


def test_keywords_are_found_wherever_they_stand() -> None:
    reading = (
        '<h2 id="a">A</h2><dl data-search-exclude="detail"><dt>Keywords</dt><dd><span class="pd-keyword">\u6269\u6563'
        '\u6a21\u578b</span> <span class="pd-keyword">gates &amp; <i>walls</i></span></dd><dt>Method</dt><dd>Secret.</dd></dl>'
    )
    # Each for itself, because a search cannot cut a Chinese sentence into words without help.
    assert searchable(reading, details=False) == (
        '<h2 id="a">A</h2><p>\u6269\u6563\u6a21\u578b</p><p>gates &amp; walls</p>'
    )
    hidden = reading.replace('id="a"', 'id="a" data-search-exclude=""')
    assert searchable(hidden, details=False) == ""
