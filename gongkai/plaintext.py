"""Text of pages, made safe for a terminal."""

_LINE_FEED = 0x0A
_CONTROLS = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if code != _LINE_FEED}


def safe(text: str) -> str:
    """Return the text without control characters: an archived page must not be able to steer the terminal.

    >>> safe(chr(0x1B) + "[2Jgone") == chr(0xFFFD) + "[2Jgone"
    True
    """
    return text.translate(_CONTROLS)
