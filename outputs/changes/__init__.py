"""Changes of figures between consecutive years, and why two years may not be compared."""

from outputs.changes.write import write_changes

__all__ = ["write_changes"]
