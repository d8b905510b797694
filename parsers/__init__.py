"""Bytes of one archived page → one `Report`: pure, without files, clock or network.

The stages, in the order of reading: decode → lines (document) → region → sections → tables → forms → facts, with
identity beside them and report to assemble. `parse` is the way in; `records` are what comes out. Large runs use
`read_page`, and `keep` of what it saw as much as `remap` needs when nothing but the forms changes.
"""

from parsers.keeping import keep, remap
from parsers.report import PARSER_VERSION, PageReading, parse, read_page

__all__ = ["PARSER_VERSION", "PageReading", "keep", "parse", "read_page", "remap"]
