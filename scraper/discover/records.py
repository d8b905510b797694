"""What stands in scripts, XML or JSON of a list, made visible."""

import html
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Records:
    """What a page holds as data: `shown` is an HTML page of it, '' where there is none; `next` are references."""

    shown: str
    next: tuple[str, ...]


def alone(listed: str, title: str) -> str:
    """A page of records that came without one; `title` is that of the list."""
    head = html.escape(title)
    return f'<html><head><meta charset="utf-8"><title>{head}</title></head><body><h2>{head}</h2>{listed}</body></html>'
