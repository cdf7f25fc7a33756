"""Images of the last site go into the next one without being copied, whatever happens between the two."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.plugin.building import build_here, write_site

HOOK = """
import os, shutil
from pathlib import Path
from mkdocs.plugins import event_priority

def wish():
    return os.environ.get("TEST_WISH", "")

@event_priority(-200)
def on_pre_build(config):
    if wish() == "aside":
        places = [Path("ASIDE"), Path(config.site_dir) / ".paperdigest-last-site"]
        assert any(place.is_dir() for place in places)
        for place in places:
            shutil.rmtree(place, ignore_errors=True)

@event_priority(100)
def on_files(files, config):
    if wish() == "folder":
        Path(config.site_dir, "digests/assets").mkdir(parents=True)
        Path(config.site_dir, "digests/assets/other.txt").write_text("other")

def on_env(env, config, files):
    if wish() == "site":
        shutil.rmtree(Path(config.site_dir, "digests"))
    if wish() in ("removed", "replaced"):
        for file in [file for file in files if file.name == "fig-1"]:
            files.remove(file)
            on_post_build.removed.append(file)
    if raised := {"RuntimeError": RuntimeError, "KeyboardInterrupt": KeyboardInterrupt}.get(wish()):
        raise raised

def on_post_build(config):
    if wish() == "replaced":
        for file in on_post_build.removed:
            shutil.copy2(file.abs_src_path, file.abs_dest_path)

on_post_build.removed = []
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that was built once, with one paper and an image of the user's own beside those of the paper."""
    root = tmp_path_factory.mktemp("images")
    (root / "docs/digests/assets").mkdir(parents=True)
    (root / "docs/digests/assets/own.webp").write_bytes(b"own")
    with FakeArxiv([PAPER]) as arxiv:
        topic = {"title": "Gates", "phrases": ["gate"]}
        write_site(root, {"topics": [topic], "arxiv_url": arxiv.url}, hooks=["hook.py"])
        (root / "hook.py").write_text(HOOK)
        build_here(root)
    return root


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    """A copy of its folder; what is cached is fresh, so that nothing is asked of arXiv."""
    shutil.copytree(built, tmp_path / "lab")
    root = tmp_path / "lab"
    (root / "hook.py").write_text(HOOK.replace("ASIDE", str(root / ".cache/plugin/paperdigest/last-site")))
    return root


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the papers' images that were copied since."""
    names, copy = [], shutil.copyfile

    def noting(source: str, target: str) -> str:
        if (name := Path(target).name).startswith("fig-"):
            names.append(name)
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", noting)
    return names


def images(root: Path) -> dict[str, bytes]:
    """The content of each image of a paper that the site shows."""
    return {path.name: path.read_bytes() for path in sorted((root / "site").rglob("fig-*.webp"))}


def left_behind(root: Path) -> list[Path]:
    return [*(root / "site").glob(".paperdigest*"), *(root / ".cache/plugin/paperdigest/last-site").glob("*")]


@pytest.mark.parametrize("command", ["build", "serve"])
def test_a_build_that_changes_nothing_writes_no_image(site: Path, copied: list[str], command: str) -> None:
    before = images(site)
    assert len(before) >= 2
    build_here(site, command)
    assert (images(site), copied) == (before, [])
    assert left_behind(site) == []
    assert (site / "site/digests/assets/own.webp").read_bytes() == b"own"


def test_nothing_in_the_site_is_linked_to_the_cache(site: Path) -> None:
    build_here(site, "serve")
    assert {path.stat().st_nlink for path in site.rglob("fig-*.webp")} == {1}


@pytest.mark.parametrize("kept_size", [True, False])
def test_an_image_that_something_else_has_rewritten_is_copied(
    site: Path, copied: list[str], kept_size: bool
) -> None:
    before = images(site)
    path = next((site / "site").rglob("fig-1.webp"))
    path.write_bytes(bytes(path.stat().st_size) if kept_size else b"optimized")
    build_here(site)
    assert (images(site), copied) == (before, ["fig-1.webp"])


def test_an_image_that_has_changed_in_the_cache_is_copied(site: Path) -> None:
    path = next((site / ".cache").rglob("fig-1.webp"))
    image = path.read_bytes()
    path.write_bytes(image[:-1] + b"\0")
    build_here(site)
    assert images(site)["fig-1.webp"] == path.read_bytes()


def test_a_dirty_build_copies_an_image_although_the_site_has_a_newer_one(site: Path) -> None:
    path = next((site / ".cache").rglob("fig-1.webp"))
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    os.utime(path, ns=(0, 0))
    build_here(site, dirty=True)
    assert images(site)["fig-1.webp"] == path.read_bytes()


def test_images_that_the_site_no_longer_shows_are_gone(site: Path) -> None:
    config = site / "mkdocs.yml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("model: extractive", "model: extractive\n    figures: false"), "utf-8")
    build_here(site)
    assert images(site) == {}
    assert left_behind(site) == []


@pytest.mark.parametrize("raised", ["RuntimeError", "KeyboardInterrupt"])
def test_a_build_that_fails_or_is_stopped_loses_no_image(
    site: Path, copied: list[str], raised: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = images(site)
    monkeypatch.setenv("TEST_WISH", raised)
    with pytest.raises((RuntimeError, KeyboardInterrupt)):
        build_here(site)
    monkeypatch.delenv("TEST_WISH")
    build_here(site)
    assert (images(site), copied) == (before, [])
    assert left_behind(site) == []


@pytest.mark.parametrize("where", ["aside", "site", "folder"])
def test_images_that_vanish_or_find_their_place_taken_are_copied(
    site: Path, copied: list[str], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = images(site)
    monkeypatch.setenv("TEST_WISH", where)
    build_here(site)
    assert (images(site), sorted(copied)) == (before, sorted(before))
    assert left_behind(site) == []


def test_what_another_plugin_does_with_an_image_is_the_same_in_each_build(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = images(site)
    others = {name: image for name, image in before.items() if name != "fig-1.webp"}
    assert others
    for wish, shown in [("removed", others), ("replaced", before), ("replaced", before), ("removed", others)]:
        monkeypatch.setenv("TEST_WISH", wish)
        build_here(site)
        assert images(site) == shown, wish


def test_folders_of_papers_are_not_made_again(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = next((site / "site").rglob("fig-1.webp")).parent
    made = folder.stat().st_ino
    build_here(site, "serve")
    assert folder.stat().st_ino == made


def test_a_cache_on_another_file_system_is_no_obstacle(
    site: Path, copied: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def on_two_disks(self: Path, target: Path) -> Path:
        if self.is_relative_to(site / "site") != target.is_relative_to(site / "site"):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", on_two_disks)
    before = images(site)
    build_here(site)
    assert (images(site), copied) == (before, [])
    assert left_behind(site) == []


def test_a_folder_behind_a_link_is_left_alone(site: Path) -> None:
    shown, elsewhere = site / "site/digests/assets", site / "elsewhere"
    shown.rename(elsewhere)
    (elsewhere / "kept.txt").write_text("kept")
    shown.symlink_to(elsewhere)
    build_here(site)
    assert len(images(site)) >= 2
    assert (elsewhere / "kept.txt").read_text() == "kept"
