"""Pages of what cannot be answered: each says what is the matter and what to do, none shows a traceback."""

from outputs.explorer.addresses import ServerAddresses
from outputs.explorer.records import Answer
from outputs.explorer.rendering import page_at
from outputs.explorer.wording import both


def problem(
    status: int, title: str, what: object = None, next_step: object = None, detail: str = "", **values: object
) -> Answer:
    """Return a page about the problem of that key in words/server.csv, whose words may name `values`.

    `what` and `next_step` take the place of the words of the key, `detail` is shown as it is.
    """
    return page_at(
        ServerAddresses(),
        "problem.html.jinja",
        status=status,
        title=f"server.{title}",
        what=both(f"server.{title}_what", **values) if what is None else what,
        next_step=both(f"server.{title}_next", **values) if next_step is None else next_step,
        detail=detail,
    )


def no_page(path: str) -> Answer:
    """Return the page for an address under which there is none."""
    return page_at(
        ServerAddresses(),
        "error.html.jinja",
        status=404,
        what=both("server.no_page", path=f"/{path}"),
        next_step=both("server.no_page_next"),
    )


def no_host() -> Answer:
    """Return the page for a request under a name that is not this machine's."""
    return problem(403, "refused", both("server.refused_host"))


def not_for_sites() -> Answer:
    """Return the page for a request that another website made behind its reader's back."""
    return problem(403, "refused", both("server.refused_site"))
