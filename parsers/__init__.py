"""Bytes of one archived page → one `Report`: pure, without files, clock or network.

The stages, in the order of reading: decode → lines (document) → region → sections → tables → forms → facts, with
identity beside them and report to assemble. `parse` is the way in; `records` are what comes out.
"""

from parsers.report import PARSER_VERSION, parse

__all__ = ["PARSER_VERSION", "parse"]
