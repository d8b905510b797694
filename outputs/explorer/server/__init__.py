"""The explorer's pages in a Datasette, beside its tables, its SQL and its CSV and JSON."""

from outputs.explorer.server.app import make_server
from outputs.explorer.server.running import FIRST_PORT, Door, open_door, serve

__all__ = ["FIRST_PORT", "Door", "make_server", "open_door", "serve"]
