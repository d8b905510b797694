"""A page of a comparison as one HTML file that needs nothing else: no script, no outside style, font or picture."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from outputs.compare.page import Page


def html_text(page: Page) -> str:
    """Return the page as HTML. All that comes from pages is escaped; links lead to the reports' own addresses alone."""
    return _template().render(page=page) + "\n"


@cache
def _template() -> Template:
    loader = PackageLoader("outputs.compare", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("comparison.html.jinja")
