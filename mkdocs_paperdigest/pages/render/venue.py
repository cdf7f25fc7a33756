"""Finds the venue of a paper in its authors' comment: `ICLR 2025`."""

import re

# An acronym with a year: ICLR 2025, NeurIPS 2024, ACM MM 2024, ECCV'24, INTERSPEECH-2023, CVPR Workshops 2024.
_VENUE = re.compile(
    r"\b(?:(?:IEEE|ACM|AAAI)(?:/[A-Z]+)?[ -])?"
    # Bounded repetition, because any capital may be the second one and backtracking would be slow.
    r"[A-Z][A-Za-z]{0,20}[A-Z][A-Za-z]{0,20}(?:/[A-Z]{2,20})?(?: (?:Workshops?|Findings|Main|Asia|Demo))?"
    r"[ -]?(?:20[12]\d|['’][12]\d)(?!\d)"
)
_NOT_ACCEPTED = re.compile(
    r"submitted|under review|in submission|preprint|extended version of|extends|challenge|rejected|data ?set",
    re.IGNORECASE,
)


def venue_of(comment: str | None) -> str | None:
    """The venue that a comment names, or None if it names none or the paper is not accepted yet."""
    for part in re.split(r"[;.](?:\s|$)", comment or ""):
        found = _VENUE.search(part)
        if found and not _NOT_ACCEPTED.search(part):
            # A workshop is not the conference where it takes place.
            workshop = "workshop" in part.lower() and "workshop" not in found[0].lower()
            return f"{found[0]} Workshop" if workshop else found[0]
    return None
