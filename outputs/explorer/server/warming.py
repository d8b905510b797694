"""What pages need and what is slow to load, loaded before the first of them is asked for."""

import threading

from corpus.words import tokenizer
from outputs.explorer.charts.drawing import warm_up as warm_up_charts
from outputs.explorer.rendering import warm_up as warm_up_templates


def warm_up() -> None:
    """Load what pages are made with, a second or two; nothing is left to be loaded by a page, or by two at once."""
    # not a daemon: what draws must not be cut off in the middle; its engine runs beside the rest
    drawing = threading.Thread(target=warm_up_charts)
    drawing.start()
    tokenizer()
    warm_up_templates()
    drawing.join()
