"""What a browser may do with an answer of the explorer: headers of security, by the kind of the answer."""

import base64
import hashlib
import re
from functools import cache
from importlib import resources

from outputs.explorer.records import Answer

PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Our pages: everything from this server, nothing inline, in nobody's frame."""

SITE = PAGE.removesuffix("; frame-ancestors 'none'")
"""Our pages on a static site, which say so themselves: a page cannot choose in whose frame it stands."""

ARCHIVED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
"""An archived page: its own looks, no script, no network, no form. Our page around it may look into it."""

PICTURE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'; sandbox"
)
"""A picture that is opened as a page of its own: an SVG can hold scripts, ours need none."""

DATA = "default-src 'none'; frame-ancestors 'none'"
"""What is no page: JSON, CSV, plain text."""

_ALWAYS = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)

# The only value in the scripts of Datasette's templates, and what it can be.
_VALUE = "{{ datasette_allow_facet }}"
_VALUES = ("true", "false")
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def policy_of(given: Answer) -> str:
    """Return the Content-Security-Policy of one of our own answers."""
    if given.archived:
        return ARCHIVED
    if given.media_type.startswith("text/html"):
        return PAGE
    return PICTURE if given.media_type.startswith("image/") else DATA


def security_headers(media_type: str, policy: str | None) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer; without a `policy` of its own it is one of Datasette's."""
    if policy is None:
        policy = tables_policy() if media_type.startswith("text/html") else DATA
    return [(name.encode(), value.encode()) for name, value in (*_ALWAYS, ("content-security-policy", policy))]


@cache
def tables_policy() -> str:
    """Return the policy of Datasette's own pages, whose few inline scripts are allowed one by one, by their digests.

    They are read from its templates, so that a new version of Datasette brings its own; its looks are inline too, and
    cannot be told by digests where they stand in attributes.
    """
    digests = " ".join(sorted({_digest(script) for script in _scripts()}))
    return PAGE.replace("script-src 'self'", f"script-src 'self' {digests}").replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'"
    )


def _scripts() -> list[str]:
    templates = resources.files("datasette").joinpath("templates").iterdir()
    texts = [file.read_text(encoding="utf-8") for file in templates if file.name.endswith(".html")]
    found = [script for text in texts for script in _SCRIPT.findall(text)]
    filled = [script.replace(_VALUE, value) for script in found for value in _VALUES]
    return [script for script in filled if "{{" not in script and "{%" not in script]


def _digest(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
