"""Addresses that a script holds as plain strings and would go to. The script is read, never executed."""

import re
from collections.abc import Iterator

# `location.href='index_2.html'`, `window.open("a.doc")`, `self.location = "…"`, `location.replace('…')`
_JUMP = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\(|window\.open\s*\()\s*(['\"])([^'\"<>]{1,2000})\1"
)


def jumps(script: str) -> Iterator[str]:
    """Yield the addresses, as written, in their order.

    >>> list(jumps("window.open('content.jsp?id=7'); return false"))
    ['content.jsp?id=7']
    """
    for match in _JUMP.finditer(script):
        yield match[2]


def target_of(href: str, onclick: str) -> str:
    """Where a link leads: its reference, or where only a script knows the address that the script would go to.

    '' for a link that leads nowhere, as far as can be read.

    >>> target_of("javascript:void(0)", "window.open('a.html')"), target_of("a.html", "count()")
    ('a.html', 'a.html')
    """
    is_script = href.lstrip().lower().startswith("javascript:")
    if href.strip() not in ("", "#") and not is_script:
        return href
    script = f"{href};{onclick}" if is_script else onclick
    return next(jumps(script), "")
