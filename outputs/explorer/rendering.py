"""Templates → pages. Everything that comes from a page or a dataset is escaped."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from corpus.regions import name_of_code
from outputs.explorer import paths
from outputs.explorer.addresses import Addresses
from outputs.explorer.policies import SITE
from outputs.explorer.records import Answer, Desk, number
from outputs.explorer.wording import both, pair, plain, said


def page(desk: Desk, template: str, *, status: int = 200, **values: object) -> Answer:
    """Return a page made of a template.

    There `t` gives words, `words` those of attributes, `word` those to be put into others, `to` addresses of paths.
    """
    return page_at(desk.addresses, template, status=status, **values)


def page_at(addresses: Addresses, template: str, *, status: int = 200, **values: object) -> Answer:
    """Return a page that needs no dataset: one that says why there is none, say."""
    text = _environment().get_template(template).render(to=addresses.to, is_site=addresses.is_site, **values)
    return Answer(text, status=status)


def warm_up() -> None:
    """Read every template, half a second in all: a server does so before the first page is asked for."""
    environment = _environment()
    for name in environment.list_templates(extensions=["jinja"]):
        environment.get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("outputs.explorer", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(site_policy=SITE, t=both, words=plain, word=said, pair=pair, paths=paths)
    environment.filters.update(number=number, region=name_of_code)
    return environment
