"""Files that ship with the explorer: styles and scripts."""

from importlib import resources

from outputs.explorer import paths
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError
from outputs.explorer.wording import both

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def _names() -> list[str]:
    files = resources.files("outputs.explorer.static").iterdir()
    return sorted(file.name for file in files if file.name.endswith(tuple(_TYPES)))


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return a style or a script."""
    del desk
    name = asked.parts["name"]
    if name not in _names():
        raise NotHereError(both("base.no_file", name=name), both("base.no_file_do"))
    body = resources.files("outputs.explorer.static").joinpath(name).read_bytes()
    return Answer(body, _TYPES[name[name.rindex(".") :]])


KIND = Kind("assets", r"assets/(?P<name>[a-z0-9-]+\.(?:css|js))", answer, lambda _: map(paths.asset, _names()))
