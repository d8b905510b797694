"""Where the text of each line stands in the page: the walk of `parsers.tree`, watched.

Reading a page costs nothing for it: only those who want to mark a page walk it with a `Tracer`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from lxml import etree

from parsers.lines import unprinted_in
from parsers.tree import Events, Tree, Walker, read_tree


class Node(NamedTuple):
    """A text of the page: that of an element, or the one behind it (`is_tail`)."""

    element: etree._Element
    is_tail: bool

    @property
    def text(self) -> str:
        """The text as it stands in the tree."""
        return (self.element.tail if self.is_tail else self.element.text) or ""


class Part(NamedTuple):
    """A piece of a run's text and the node in which it begins at `start`; no node where it stands nowhere.

    In plain text the number of a line takes the place of a node.
    """

    node: Node | int | None
    start: int
    text: str


class Piece(NamedTuple):
    """Characters `start` to `end` of a part."""

    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Traced:
    """A page's tree, the root that was walked, and the parts of each run of text by the run's number.

    `hides` says whether what the page hides was left out.
    """

    tree: Tree
    root: etree._Element | None
    parts: dict[int, tuple[Part, ...]]
    hides: bool


def trace(text: str) -> Traced:
    """Read the tree of a page's text, and keep where its runs come from."""
    tracers: list[Tracer] = []

    def make(root: etree._Element, *, was_deep: bool, hides: bool = True) -> Tracer:
        tracers.append(Tracer(root, was_deep=was_deep, hides=hides))
        return tracers[-1]

    tree = read_tree(text, make)
    if not tracers:
        return Traced(tree, None, {}, hides=True)
    last = tracers[-1]
    return Traced(tree, last.root, last.sources, hides=last.hides)


class Tracer(Walker):
    """A walker that notes the node of every text it takes."""

    def __init__(self, root: etree._Element, *, was_deep: bool, hides: bool = True) -> None:
        """Walk below `root`, see `Walker`."""
        super().__init__(root, was_deep=was_deep, hides=hides)
        self.sources: dict[int, tuple[Part, ...]] = {}
        self.step: tuple[str, etree._Element] = ("start", root)
        self.parts = _Noted(self)
        self._taken: list[Part] = []
        self._last: tuple[str, etree._Element] | None = None
        self._next_start = 0

    def take(self, text: str) -> None:
        """Note a text that the walk appends to its run."""
        if isinstance(text, etree._ElementUnicodeResult):  # noqa: SLF001  (lxml names it so)
            parent = text.getparent()
            node = None if parent is None else Node(parent, bool(text.is_tail))
            self._taken.append(Part(node if node and node.text == text else None, 0, text))
            return
        if self._last is not self.step:
            self._last, self._next_start = self.step, 0
        event, element = self.step
        self._taken.append(Part(Node(element, event == "end"), self._next_start, text))
        self._next_start += len(text) + 1  # lines of preformatted text come one by one

    def _events(self, root: etree._Element) -> Events:
        return _Watched(self, super()._events(root))

    def _flush(self) -> None:
        number = len(self.runs)
        super()._flush()
        if len(self.runs) > number:
            self.sources[number] = tuple(self._taken)
        self._taken.clear()


class _Noted(list[str]):
    """The texts of a run, each noted by the tracer."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__()
        self._tracer = tracer

    def append(self, text: str) -> None:
        self._tracer.take(text)
        super().append(text)


class _Watched:
    """Events of a walk; the tracer knows which was the last."""

    def __init__(self, tracer: Tracer, events: Events) -> None:
        self._tracer = tracer
        self._events = events

    def __iter__(self) -> Iterator[tuple[str, etree._Element]]:
        for step in self._events:
            self._tracer.step = step
            yield step

    def skip_subtree(self) -> None:
        self._events.skip_subtree()


class Strip:
    """A line's text with its white space folded, and where each of its characters stands in the parts of the line."""

    def __init__(self, parts: Sequence[Part], unprinted: Sequence[tuple[int, int]] = ()) -> None:
        """Fold the parts; `unprinted` are places of their joined text that print nothing."""
        self._parts = parts
        self._starts = list(accumulate((len(part.text) for part in parts), initial=0))
        raw = "".join(part.text for part in parts)
        self._left_out = sorted({*unprinted, *unprinted_in(raw)})
        self._places: list[tuple[int, int]] = []
        characters: list[str] = []
        gap: tuple[int, int] | None = None
        for at in self._printed(len(raw)):
            character = raw[at]
            if character.isspace():
                gap = (gap[0] if gap else at, at + 1)
                continue
            if gap and characters:
                characters.append(" ")
                self._places.append(gap)
            gap = None
            characters.append(character)
            self._places.append((at, at + 1))
        self.text = "".join(characters)

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The pieces of the page that characters `start` to `end` of the text stand in; [] where they are not there.

        A place without characters (`start` is `end`) is one piece without any.
        """
        if not 0 <= start <= end <= len(self.text) or not self._places:
            return []
        if start == end:
            place = self._places[start - 1][1] if start else self._places[0][0]
            return self._cut(place, place)[:1]
        first, last = self._places[start][0], self._places[end - 1][1]
        pieces: list[Piece] = []
        for hidden_start, hidden_end in self._left_out:
            if first < hidden_start < last:
                pieces += self._cut(first, hidden_start)
                first = hidden_end
        return [*pieces, *self._cut(first, last)]

    def _printed(self, size: int) -> Iterator[int]:
        at = 0
        for start, end in self._left_out:
            yield from range(at, start)
            at = max(at, end)
        yield from range(at, size)

    def _cut(self, first: int, last: int) -> list[Piece]:
        """The pieces of characters `first` to `last` of the joined parts."""
        at = max(bisect_right(self._starts, first if first < last else first - 1) - 1, 0)
        pieces = []
        while at < len(self._parts) and self._starts[at] <= last:
            begin, part = self._starts[at], self._parts[at]
            start, end = max(first - begin, 0), min(last - begin, len(part.text))
            if start < end or first == last:
                pieces.append(Piece(part, start, end))
            at += 1
        return pieces
