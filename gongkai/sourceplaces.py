"""Where the sources of a dataset lie: kept beside it under a name with a dot, for the explorer on this machine.

`run.json` names them without their place, so that the same run elsewhere gives the same dataset. The places are
relative to the dataset's folder: they hold as long as both stay where they are to one another.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from corpus.places import Place

_FILE = ".gongkai-sources.json"


def remember(directory: Place, sources: Sequence[Place]) -> None:
    """Keep where the sources of a dataset lie; where that cannot be written, they are looked for by their names.

    What lies elsewhere than on a disk has no place that is relative to another one: nothing is kept then.
    """
    here = [source for source in (directory, *sources) if isinstance(source, Path)]
    if len(here) <= len(sources):
        return
    folder, *there = here
    with suppress(OSError, ValueError):  # ValueError: on another drive nothing is relative
        places = [os.path.relpath(source.resolve(), folder.resolve()) for source in there]
        (folder / _FILE).write_text(json.dumps(places, ensure_ascii=False) + "\n", encoding="utf-8")


def remembered(directory: Path) -> list[Path]:
    """Return where the sources of a dataset lay when it was built, in the order of `run.json`; none if not kept."""
    try:
        places = json.loads((directory / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [directory / place for place in places] if isinstance(places, list) else []
