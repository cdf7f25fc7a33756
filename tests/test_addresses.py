"""Which links a paper presents as its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.addresses import MOST, own_links, rejoin_addresses


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Code: https://github.com/ada/faces.", ("https://github.com/ada/faces",)),
        (
            "See \\url{https://ada.github.io/faces/}{https://ada.github.io/faces/}.",
            ("https://ada.github.io/faces/",),
        ),
        (
            "Project page (https://faces.example.org/), code at github.com/ada/Faces.git!",
            ("https://faces.example.org/", "https://github.com/ada/Faces"),
        ),
        ("On https://gitee.com/ada/Faces.git.", ("https://gitee.com/ada/Faces",)),
        (
            "https://en.example.org/wiki/Face_(anatomy) and <https://example.org/a?b=c&d=e#f>",
            ("https://en.example.org/wiki/Face_(anatomy)", "https://example.org/a?b=c&d=e#f"),
        ),
        (
            "https://GitHub.com/Ada/Faces and http://www.github.com/ada/faces/, once",
            ("https://github.com/Ada/Faces",),
        ),
        ("Accepted at ICLR, https://openreview.net/forum?id=1, doi https://doi.org/10.1/2", ()),
        ("mail me at ada@github.com/x or visit https://github.com/", ()),
        ("javascript://github.com/%0aalert(1) ftp://example.org/x file:///etc/passwd", ()),
        ("https://user:secret@example.org/x https://example.org:8080/x https://localhost/x", ()),
        ("Nothing at all.", ()),
    ],
)
def test_every_address_of_abstract_and_comment_counts(text: str, links: tuple[str, ...]) -> None:
    assert own_links([text]) == links


@pytest.mark.parametrize(
    "sentence",
    [
        "Our code is available at {}.",
        "The code and models will be made publicly available at {}.",
        "1The source code is available at {}",
        "The code we used to train and evaluate our models is available at {}.",
        "The full implementation (based on Caffe) and the trained networks are available at {}.",
        "We release all checkpoints under an open licence ({}).",
        "Project page: {}",
        "Code for ReZero applied to various neural architectures: {}",
        "Demo and code available at {}.",
        "Audio samples can be found here: {}.",
        "In addition, the pretrained model is also on HuggingFace ({})",
        "We build on Transformers. Our dataset is hosted at {}.",
        "The data generated in this study have been deposited in the archive under {}",
        "The following was supplied regarding data availability: GitHub: {}",
        "The program is available on the World Wide Web at {}",
    ],
)
def test_a_sentence_that_publishes_something_counts(sentence: str) -> None:
    assert own_links([], sentence.format("https://example.org/faces")) == ("https://example.org/faces",)


@pytest.mark.parametrize(
    "sentence",
    [
        "We use the implementation available at {}.",
        "We follow the official code released at {}.",
        "Smith et al. made their code available at {}.",
        "Our implementation uses the FMHA code ({}) as a starting point.",
        "Our implementation was inspired by the codes available at {}.",
        "Baselines are trained with the original repository, found at {}.",
        "WWW home page: {}",
        "[3] J. Smith. Faces. {}",
        "The server is at {}.",
        "Test scores come from the evaluation server ({}).",
    ],
)
def test_other_peoples_work_does_not_count(sentence: str) -> None:
    assert own_links([], sentence.format("https://github.com/others/work")) == ()


def test_the_abstract_comes_first_and_a_few_are_enough() -> None:
    body = " ".join(f"Our code is available at https://example.org/{n}." for n in range(20))

    links = own_links(["https://example.org/abstract"], body, known=["https://example.org/html"])

    assert links[:3] == ("https://example.org/abstract", "https://example.org/html", "https://example.org/0")
    assert len(links) == MOST


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("at https://\ngithub.com/ada/faces.", "at https://github.com/ada/faces."),
        ("at https://github.\ncom/ada/faces", "at https://github.com/ada/faces"),
        ("at https://github.com/\nAda/Faces", "at https://github.com/Ada/Faces"),
        ("at https://github.com/ada/my-\nfaces", "at https://github.com/ada/my-faces"),
        ("https://github.com/ada99\n21/Faces)", "https://github.com/ada9921/Faces)"),
        ("https://example.org/a/\nb.html", "https://example.org/a/b.html"),
    ],
)
def test_addresses_split_across_lines_are_joined(broken: str, whole: str) -> None:
    assert rejoin_addresses(broken) == whole


@pytest.mark.parametrize(
    "text",
    [
        "at https://example.org/faces/.\nIndex terms",
        "at https://example.org/faces/\nWe show",
        "at https://example.org/faces/\n2We thank",
        "at https://github.com/ada/faces\nscale tasks",
        "The end.\nNext/line",
    ],
)
def test_text_after_an_address_is_not_joined(text: str) -> None:
    assert rejoin_addresses(text) == text


@given(st.text(), st.text(alphabet="htps:/.github.com \n()[]{}%@-01", max_size=200))
def test_any_text_gives_safe_addresses(front: str, body: str) -> None:
    for link in own_links([front, body], rejoin_addresses(body)):
        assert link.startswith(("http://", "https://"))
        assert not set(link) & set(" \n\t<>\"'`{}")


@pytest.mark.parametrize(
    "sentence",
    [
        "We evaluate on the public benchmark FaceSet ({}).",
        "Our method is compared with FaceNet ({}) and wins.",
        "The model is trained on data from {}.",
        "It outperforms the open-source tool FaceLib, {}.",
        "We use the toolkit of Smith et al. ({}).",
        "我们的方法优于 FaceNet（{}）。",
    ],
)
def test_what_an_abstract_gives_as_used_or_compared_is_not_its_own(sentence: str) -> None:
    text = sentence.format("https://example.org/others")
    assert own_links([text]) == ()
    assert own_links([text], known=["http://www.example.org/others/"]) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Codes and Data: {}",
        "homepage: {}",
        "Please see {} for videos.",
        "Faces is an open-source project available at: {}",
        "Compared to the original strategy it needs no training. our codes are available at {}.",
        "Based on diffusion, we propose Faces. Project Page: {}",
        "Code can be downloaded from {}.",
        "代码见{}。",
    ],
)
def test_what_an_abstract_publishes_is_its_own(sentence: str) -> None:
    assert own_links([sentence.format("https://example.org/faces")]) == ("https://example.org/faces",)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/xxx/xxx",
        "https://github.com/XXXX",
        "https://github.com/anonymous/faces",
        "https://github.com/your-username/faces",
        "https://github.com/username/faces",
        "https://github.com/ada/xxx",
        "https://huggingface.co/datasets/anonymous/faces",
        "https://xxx.github.io/faces",
        "https://anonymous.github.io",
        "https://www.xxx.com/faces",
        "https://github.com/ada/fac...",
        "https://github.com/ada/my-",
    ],
)
def test_an_address_that_is_still_to_come_or_was_cut_is_none(url: str) -> None:
    assert own_links([f"Code: {url} (soon)"]) == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/MyNiuuu/BAGA",
        "https://github.com/anonymous-iclr/faces",
        "https://github.com/xx-labs/faces",
        "https://github.com/ada/example",
        "https://github.com/userlab/faces",
        "https://anonymous.4open.science/r/faces-1A2B",
    ],
)
def test_real_names_that_look_like_placeholders_stay(url: str) -> None:
    assert own_links([f"Code: {url} (soon)"]) == (url,)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("Code: https://github.com/ ada/faces.", "https://github.com/ada/faces"),
        (
            "Code is at https://github.com/ADA-AI-Lab/ Dynamic-Faces.",
            "https://github.com/ADA-AI-Lab/Dynamic-Faces",
        ),
        (
            "Code is at https://github.com/ADA-AI-Lab/ and in the supplement.",
            "https://github.com/ADA-AI-Lab/",
        ),
        ("Our project page is ada.github.io/Faces.", "https://ada.github.io/Faces"),
        ("Data: 10.5281/zenodo.123456.", "https://doi.org/10.5281/zenodo.123456"),
    ],
)
def test_addresses_of_metadata_are_whole(text: str, url: str) -> None:
    assert own_links([text]) == (url,)
