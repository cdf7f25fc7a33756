"""Makes the covers that are missing: papers that an older version read, and those of an archive, have none."""

import logging
import os
from collections.abc import Iterable
from pathlib import Path

from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.models import Digest, leading
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.storage.layout import images_folder

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

_AT_ONCE = 4


def make_covers(digests: Iterable[Digest], options: Options) -> None:
    """Makes the cover of each paper's leading figure from its stored image, unless it is there."""
    missing = dict(_missing(digests, options)) if options.figures else {}
    if not missing:
        return
    from concurrent.futures import ThreadPoolExecutor

    from mkdocs_paperdigest.documents.sandbox.reader import PdfReader

    workers = min(len(missing), _AT_ONCE, os.cpu_count() or 1)
    with PdfReader(workers=workers) as reader, ThreadPoolExecutor(workers) as pool:

        def make(cover: Path) -> None:
            try:
                reader.write_cover(missing[cover], cover)
            except DocumentError as error:
                # The paper is shown without one.
                log.debug("%s: %s", cover, error)

        list(pool.map(make, missing))


def _missing(digests: Iterable[Digest], options: Options) -> Iterable[tuple[Path, Path]]:
    """Covers that are not there, each with the smallest image of its figure."""
    for digest in digests:
        for entry in digest.entries:
            document = entry.document
            if document is None or not document.figures or entry.paper.withdrawn:
                continue
            folder = images_folder(options.cache_dir, entry.paper, document.reader)
            usual = leading(document.figures)
            if usual and os.path.lexists(f"{folder}/{usual.cover}"):
                continue
            if folder.is_symlink():
                continue
            shown = [figure for figure in document.figures if options.tables or not figure.is_table]
            # Pages leave figures out whose image the cache lost.
            there = [figure for figure in shown[: options.figures_max] if (folder / figure.image).is_file()]
            first = leading(there)
            if first and not os.path.lexists(folder / first.cover):
                source = folder / (first.small or first.image)
                yield folder / first.cover, source if source.is_file() else folder / first.image
