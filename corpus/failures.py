"""Why an input gave no page: the outcome, what was seen, and what a person can do about it.

Outcomes are those of the `coverage` table. A failure always names a next step.
"""

from typing import Literal, get_args

from corpus.errors import UnpackError
from corpus.sniff import Sniffed

Failure = tuple[str, str, str]
"""Outcome, detail and next step, as `Capture.failure` holds them."""

Outcome = Literal[
    "ok",
    "not_a_report",
    "list_page",
    "script_shell",
    "attachment_only",
    "image_only",
    "blocked",
    "empty",
    "undecodable",
    "too_large",
    "timeout",
    "crashed",
    "duplicate",
    "unreachable",
    "certificate_error",
    "robots_disallowed",
    "address_refused",
]
"""What became of a page. Every page has exactly one. The last four are those of addresses that were asked in vain.

`unreachable`: no answer (name, connection, endless redirects); `certificate_error`: the server's certificate does not
hold; `robots_disallowed`: the site's robots.txt asks not to; `address_refused`: not http(s), or a private address.
"""

OUTCOMES = get_args(Outcome)
"""All of them, by name."""

RAISE_LIMIT = "Allow larger pages (--max-page-mb) if this is a real page."

_CONVERT = "Find the report as a web page, or convert the document to HTML or text."
_UNPACK = "Unpack it and give the folder; convert ARC or Zstandard archives to .warc.gz."
_OUTCOME_OF_CODE = {"too_large": "too_large", "unknown_coding": "undecodable", "no_page": "empty"}


def failure_of_bytes(found: Sniffed, *, named_page: bool) -> Failure | None:
    """Return the failure of bytes that are no page, None for a page.

    Bytes of no known kind count as a page where their name or media type says so: the decoder judges them.
    """
    if found.kind == "empty":
        return "empty", found.words, "Capture the page again."
    if found.kind == "image":
        return "image_only", found.words, "Read the picture by eye or by OCR, and give its text as a file."
    if found.kind == "document":
        return failure_of_document(found.words)
    if found.kind in ("archive", "zip", "gzip", "warc"):
        return "attachment_only", found.words, _UNPACK
    if found.kind == "data":
        return "not_a_report", found.words, "Nothing to do."
    if found.kind == "binary" and not named_page:
        return "undecodable", found.words, "Look what the file is; give pages as HTML, MHTML or text."
    return None


def failure_of_document(words: str) -> Failure:
    """Return the failure of an office document or PDF."""
    return "attachment_only", words, _CONVERT


def failure_of_unpacking(error: UnpackError) -> Failure:
    """Return the failure that an unpacking error means for its page."""
    return _OUTCOME_OF_CODE.get(error.code, "crashed"), f"{error.what} ({error.where})", error.next_step


def failure_of_system(error: OSError) -> Failure:
    """Return the failure for what the operating system does not let us read, in its words."""
    return "crashed", error.strerror or str(error), "Make it readable, or leave it out."
