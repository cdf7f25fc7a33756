"""Typed shelves: one kind of value in the store, declared once with its type and what its key depends on.

class Shelves:
    store: Store

    @shelf(Document)
    def document(self, paper: Paper) -> Parts:
        \"\"\"What was found in a paper.\"\"\"
        return paper.key, DOCUMENT_VERSION

shelves.document.get(paper)  # a Document, or None
"""

from collections.abc import Callable
from functools import partial
from typing import Concatenate, Generic, ParamSpec, Protocol, TypeVar

from mkdocs_paperdigest.storage.store import Store, key

Parts = tuple[object, ...]
"""Everything that a value depends on; the first part stays readable in the key."""

P = ParamSpec("P")
T = TypeVar("T")


class HasStore(Protocol):
    """What shelves are declared on."""

    @property
    def store(self) -> Store:
        """Where the values are."""


O_contra = TypeVar("O_contra", bound=HasStore, contravariant=True)


class Shelf(Generic[P, T]):
    """The values of one kind.

    Arguments:
        store: Where they are.
        kind: Their type.
        key: The key of a value.
    """

    def __init__(self, store: Store, kind: type[T], key: Callable[P, str]) -> None:
        self._store = store
        self._kind = kind
        self.key = key

    def get(self, *args: P.args, **kwargs: P.kwargs) -> T | None:
        """The value, or None where there is none."""
        return self._store.get(self.key(*args, **kwargs), self._kind)

    def put(self, value: T, *args: P.args, **kwargs: P.kwargs) -> T:
        """Stores a value and returns it as `get` will give it."""
        return self._store.put(self.key(*args, **kwargs), value)

    def add(self, value: T, *args: P.args, **kwargs: P.kwargs) -> T:
        """Stores a value where there is none yet, and returns the one that is there then."""
        known = self.get(*args, **kwargs)
        return self.put(value, *args, **kwargs) if known is None else known


class _Declared(Generic[O_contra, P, T]):
    def __init__(self, kind: type[T], parts: Callable[Concatenate[O_contra, P], Parts]) -> None:
        self._kind = kind
        self._parts = parts
        self._name = parts.__name__
        self.__doc__ = parts.__doc__

    def __get__(self, owner: O_contra, _: type) -> Shelf[P, T]:
        return Shelf(owner.store, self._kind, partial(self._key, owner))

    def _key(self, owner: O_contra, *args: P.args, **kwargs: P.kwargs) -> str:
        return key(self._name, *self._parts(owner, *args, **kwargs))


def shelf(kind: type[T]) -> Callable[[Callable[Concatenate[O_contra, P], Parts]], _Declared[O_contra, P, T]]:
    """Declares a shelf for values of type `kind`; the function that it decorates names and keys them."""
    return lambda parts: _Declared(kind, parts)
