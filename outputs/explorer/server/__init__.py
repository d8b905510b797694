"""The explorer's pages in a Datasette, beside its tables, its SQL and its CSV and JSON."""

from outputs.explorer.server.app import make_server

__all__ = ["make_server"]
