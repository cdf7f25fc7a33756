"""Detects truncated WebP files without decoding them."""

import os
from pathlib import Path

_HEAD = 12


def is_whole(path: Path) -> bool:
    """Whether a file is a WebP image of the length stated in its header.

    A power failure or an incomplete copy of the cache leaves truncated files behind, and a warm build has no
    time to decode every image. The header states the length of the file without its first eight bytes
    (https://developers.google.com/speed/webp/docs/riff_container).
    """
    try:
        with path.open("rb", buffering=0) as file:
            head, size = file.read(_HEAD), os.fstat(file.fileno()).st_size
    except OSError:
        return False
    kind = (head[:4], head[8:])
    return kind == (b"RIFF", b"WEBP") and int.from_bytes(head[4:8], "little") + 8 == size
