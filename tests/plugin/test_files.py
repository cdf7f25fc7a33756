"""Files that the plugin adds are what MkDocs would make of them, only faster."""

import codecs
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.plugin.files import PageFile, add_files

ASKED = (
    "src_uri", "src_path", "dest_uri", "dest_path", "url", "name", "abs_src_path", "abs_dest_path", "src_dir", "dest_dir",
    "use_directory_urls", "inclusion", "generated_by", "edit_uri", "page",
    "is_documentation_page", "is_static_page", "is_media_file", "is_javascript", "is_css",
)  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> MkDocsConfig:
    config = MkDocsConfig()
    config.load_dict({"site_name": "Lab", "docs_dir": str(tmp_path), "site_dir": str(tmp_path / "site")})
    config.validate()
    config.plugins._current_plugin = "paperdigest"
    return config


def test_an_image_is_what_mkdocs_makes_of_it(config: MkDocsConfig, tmp_path: Path) -> None:
    made = [SiteFile(f"digests/été/assets/x v{n}/fig-{n}.webp", tmp_path / f"{n}.webp") for n in range(2)]
    images = add_files(made, Files([]), config)
    for file, image in zip(made, images, strict=True):
        theirs = File.generated(config, file.uri, abs_src_path=str(file.path))
        assert vars(image) == vars(theirs)
        for name in ASKED:
            asked, expected = getattr(image, name), getattr(theirs, name)
            assert (asked() == expected()) if callable(expected) else (asked == expected), name


@pytest.mark.parametrize("content", [b"# Page\n", b"# Page\r\nend\r", codecs.BOM_UTF8 + b"# Page\n"])
def test_a_page_says_what_mkdocs_reads_in_it(config: MkDocsConfig, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "page.md"
    path.write_bytes(content)
    ours, theirs = (kind.generated(config, "page.md", abs_src_path=str(path)) for kind in (PageFile, File))
    assert ours.content_string == theirs.content_string
    assert ours.content_bytes == content
    ours.content_string = "other"
    assert (ours.content_string, ours.content_bytes, ours.abs_src_path) == ("other", b"other", None)
    ours.content_bytes = codecs.BOM_UTF8 + b"more"
    assert ours.content_string == "more"


def test_the_users_own_files_stay(config: MkDocsConfig, tmp_path: Path) -> None:
    own = [File(uri, str(tmp_path), config.site_dir, True) for uri in ("digests/README.md", "digests/a.webp")]
    files = Files(own)
    uris = ["digests/index.md", "digests/a.webp", "digests/b.webp", "digests/papers.json"]
    images = add_files([SiteFile(uri, tmp_path / "x") for uri in uris], files, config)
    assert [image.src_uri for image in images] == ["digests/b.webp"]
    assert sorted(files.src_uris) == [
        "digests/README.md",
        "digests/a.webp",
        "digests/b.webp",
        "digests/papers.json",
    ]
    assert [files.src_uris[file.src_uri] for file in own] == own
