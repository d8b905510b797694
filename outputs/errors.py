"""What can go wrong with a dataset directory."""

from corpus.errors import CorpusError


class DatasetError(CorpusError):
    """A directory cannot be written as a dataset, or read as one.

    Codes: `foreign_files` (it holds files that gongkai did not make), `not_a_folder`, `busy` (another run
    writes there), `inside_source` (it lies in a folder that is read), `cannot_write` (disk full, no right to
    write), `duplicate_key` (two rows share a key, a defect), `not_a_dataset`, `unfinished` and `not_on_disk` (when
    reading).
    """


class QueryError(CorpusError):
    """A query cannot be answered, or its answer cannot be written.

    Codes: `no_query`, `several_queries`, `not_a_question` (it would change something), `no_access` (it reaches for what
    is no part of the dataset), `unknown_table`, `unknown_column`, `syntax`, `wrong_query` (what else DuckDB refuses),
    `inside_dataset` (the answer would be written into the dataset), `cannot_write_answer`.
    """


class CoverageError(CorpusError):
    """A coverage table or its picture cannot be made as asked.

    Codes: `nothing_selected` (no agency and year is left), `no_years` (first and last are in the wrong order),
    `picture_type` (a file name that is neither .png nor .svg), `no_font` (no font with Chinese characters),
    `font_unreadable` (the file named with --font).
    """


class CompareError(CorpusError):
    """It is not plain what is to be compared, or it is not there.

    Codes: `no_agency`, `several_agencies`, `no_year`, `no_scope`, `several_scopes`, `no_capture`, `one_capture`,
    `several_captures`, `wrong_options` (they do not go together), `same_dataset`, `format_unknown`.
    """


class DictionaryError(CorpusError):
    """Nothing in the dictionary of indicators fits what was asked for. Codes: `unknown_form`, `nothing_found`."""


class ExplorerError(CorpusError):
    """The explorer cannot be started, or its pages cannot be written, as asked.

    Codes: `no_host`, `port_taken`, `cannot_listen` (server), `inside_dataset`, `foreign_files`, `not_a_folder`,
    `cannot_write`, `dataset_changed` (static site).
    """
