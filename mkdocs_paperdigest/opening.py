"""Opens the store of a cache, for builds and all commands alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs_paperdigest.errors import StoreError
from mkdocs_paperdigest.origin import delete_brought_links
from mkdocs_paperdigest.store import Store


@contextmanager
def opened_store(cache_dir: Path) -> Iterator[Store]:
    """The store, closed in the end; links that were brought along with the cache are deleted first.

    Raises:
        StoreError: The cache cannot be used, or the disk refuses something meanwhile.
    """
    try:
        delete_brought_links(cache_dir)
        store = Store(cache_dir / "store")
        try:
            yield store
        finally:
            store.close()
    except OSError as error:
        # Of a rename, the second is the one that the reader knows.
        place = error.filename2 or error.filename or cache_dir
        raise StoreError(f"{place}: {error.strerror or error}") from error
