"""Changes of figures between consecutive years, and why two years may not be compared."""

from outputs.changes.write import CHANGES

__all__ = ["CHANGES"]
