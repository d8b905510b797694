"""What stops a fetch as a whole. What goes wrong with one page is its outcome, never an error."""

from corpus.errors import CorpusError


class FetchError(CorpusError):
    """A fetch cannot begin or go on.

    Codes: `archive_locked` (another run writes into it), `archive_damaged`, `archive_not_ours`,
    `archive_unwritable`, `no_contact`, `no_address`, `bad_address`, `targets_unreadable`, `targets_columns`,
    `targets_year`, `targets_kind`, `targets_conflict`, `no_browser`, `rate_limited` (a web archive asks to wait),
    `archive_unreachable`.
    """
