"""Finished work stays, comes back as it was, and is never executed."""

import errno
import fcntl
import logging
import pickle
import resource
import sqlite3
import threading
from pathlib import Path

import pytest

from mkdocs_paperdigest.errors import StoreError
from mkdocs_paperdigest.models import FullText, Paper, Section
from mkdocs_paperdigest.pipeline.shelves import StoredAnswer
from mkdocs_paperdigest.storage.store import Store, key
from tests.conftest import PAPER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


class Payload:
    """Leaves a file behind when somebody unpickles it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, (f"open({str(self.path)!r}, 'w').close()",)


def test_what_was_stored_comes_back_after_reopening(folder: Path) -> None:
    answer = StoredAnswer((PAPER,), PAPER.published)
    text = FullText((Section("Method", "x" * 100_000),), ("page one\nwith \u2192 and \x0c",))
    store = Store(folder)
    store.put("a", answer)
    store.put("b", text)
    store.close()
    again = Store(folder)
    assert again.get("a", StoredAnswer) == answer
    assert again.get("b", FullText) == text
    again.close()


def test_a_value_of_another_shape_is_unknown(folder: Path) -> None:
    store = Store(folder)
    store.put("a", {"title": "not a paper"})
    assert store.get("a", Paper) is None
    assert store.get("b", Paper) is None
    store.close()


def test_keys_change_with_each_of_their_parts() -> None:
    keys = {key("s", "1", "2"), key("s", "12", ""), key("t", "1", "2"), key("s", "1", "3"), key("s", "1")}
    assert len(keys) == 5
    assert key("summary", "2410.1v1", "zh").startswith("summary:2410.1v1:")


@pytest.mark.parametrize("column", ["value", "key"])
def test_a_crafted_row_is_never_unpickled(
    folder: Path, tmp_path: Path, column: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(folder)
    store.put("a", PAPER)
    store.close()
    bait = tmp_path / "executed"
    pickled = sqlite3.Binary(pickle.dumps(Payload(bait)))
    with sqlite3.connect(folder / "cache.db") as database:
        if column == "value":
            database.execute("UPDATE Cache SET mode = 4, value = ? WHERE key = '2:a'", (pickled,))
        else:
            database.execute("UPDATE Cache SET raw = 0, key = ? WHERE key = '2:a'", (pickled,))
    assert database.total_changes >= 1
    database.close()
    store = Store(folder)
    assert list(store.keys("b")) == []
    assert store.get("a", Paper) is None
    store.put("a", PAPER)
    assert store.get("a", Paper) == PAPER
    store.close()
    assert not bait.exists()


def test_a_crafted_row_reads_no_file_outside_the_cache(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text('"secret"')
    store = Store(folder)
    store.put("a", "x" * 100_000)
    store.close()
    with sqlite3.connect(folder / "cache.db") as database:
        database.execute("UPDATE Cache SET filename = '../secret' WHERE key = '2:a'")
    database.close()
    store = Store(folder)
    assert store.get("a", str) is None
    store.close()
    assert secret.read_text() == '"secret"'


def test_a_damaged_cache_is_set_aside_with_one_line(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder.mkdir()
    (folder / "cache.db").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 20)
    with caplog.at_level(logging.INFO):
        store = Store(folder)
        store.put("a", PAPER)
    assert store.get("a", Paper) == PAPER
    store.close()
    assert len(caplog.records) == 1
    assert "set aside" in caplog.text
    assert len(list(folder.parent.glob("store-broken-*"))) == 1


# Long values lie in files of their own, short ones in the database.
@pytest.mark.parametrize("length", [20_000, 200_000])
def test_a_full_disk_costs_no_good_cache(folder: Path, length: int) -> None:
    store = Store(folder)
    store.put("a", PAPER)

    def fill() -> None:
        for number in range(20):
            store.put(f"b{number}", "x" * length)

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, limits[1]))
    try:
        with pytest.raises(StoreError, match="cannot be used"):
            fill()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert store.get("a", Paper) == PAPER
    fill()
    assert store.problems() == []
    store.close()
    assert not list(folder.parent.glob("store-broken-*"))


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_drive_without_locks_is_told_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def lockf(*_: object) -> None:
        raise OSError(code, "no locks here")

    monkeypatch.setattr(fcntl, "lockf", lockf)
    with pytest.raises(StoreError, match="drive without locks"):
        Store(folder)


def test_damage_that_shows_late_is_set_aside_once(folder: Path) -> None:
    store = Store(folder)
    for number in range(200):
        store.put(f"summary:{number}", "x" * 500)
    store.close()
    # Damaged where opening the database does not look.
    with (folder / "cache.db").open("r+b") as file:
        file.seek(20_000)
        file.write(b"\xff" * 60_000)
    store = Store(folder)
    together = threading.Barrier(4)

    def use(number: int) -> None:
        together.wait()
        list(store.keys("summary"))
        store.put(f"new-{number}", "paid for")

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.get(f"new-{number}", str) for number in range(4)] == ["paid for"] * 4
    assert store.problems() == []
    store.close()
    assert len(list(folder.parent.glob("store-broken-*"))) == 1


def test_a_locked_database_is_not_set_aside(folder: Path) -> None:
    store = Store(folder, patience_s=0.05)
    store.put("a", PAPER)
    other = sqlite3.connect(folder / "cache.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="cannot be used: locked"):
        store.put("b", PAPER)
    other.execute("ROLLBACK")
    other.close()
    assert store.get("a", Paper) == PAPER
    store.close()


def test_threads_lose_nothing(folder: Path) -> None:
    store = Store(folder)

    def fill(number: int) -> None:
        for k in range(20):
            store.put(f"{number}-{k}", [number, k])

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(store.get(f"{n}-{k}", list) == [n, k] for n in range(6) for k in range(20))
    store.close()
