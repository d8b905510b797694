"""Words of a Chinese text: one tokenizer for the whole project, with the words of the subject in it.

It is jieba's, but a private one: the module's own is shared, and may be changed, by everyone in the process. It works
without guessing (`HMM=False`): what no dictionary holds comes out in single characters, never as a word made up, and
the same text gives the same words in every process. Numbers never reach it, for it would cut `1,234` and `33.9%`.

The dictionary and its weights are jieba's, the search for the heaviest words is done here: the same sums in the same
order, and so the same words, in less than half of jieba's time. Where `rjieba` (the extra `fast`) is installed, a
process that has cut many different texts goes over to it, with these same words and weights put into it: four times as
fast again, for 0.4 s and 70 MB. It is compiled, but it is the same search over the same double-precision sums, and no
text is known that it cuts otherwise (tests/corpus/test_words.py; 118,000 runs of samples, generated pages and random
words and characters gave none); before it is taken it must cut the words of the subject as is done here. So a dataset
is the same with and without it, and need not tell.
"""

import re
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from math import log
from typing import IO, Any

import regex

# 1,234 (after a comma within a number three digits stand: 2020,2021 are two numbers), 33.9%, full-width １２; and a
# Latin word with what is glued to it (iOS, PM2.5, e-mail).
_LAST_HAN = "\u9fd5"  # the last one that jieba takes for one
_LATIN, _HAN = r"[A-Za-z]+(?:[-.]?[A-Za-z0-9]+)*", rf"[\u4e00-{_LAST_HAN}]+"
_RUN = regex.compile(
    r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?![0-9０-９])|[0-9０-９]+)(?:[.．][0-9０-９]+)?[%％‰]?"
    rf"|{_LATIN}|{_HAN}"
)
_MANY_RUNS = 40_000
_IN_NO_TEXT = "\ue000"
_WORDS = re.compile(rf"{_HAN}|{_LATIN}")


@cache
def tokenizer() -> Any:
    """Tokenizer of jieba with the words of `corpus/data/domain_words.txt`; loaded on first use (0.4 s, 70 MB)."""
    import jieba  # noqa: PLC0415  see the docstring: not every page needs it

    jieba.setLogLevel("ERROR")  # it announces its dictionary on stderr
    made = jieba.Tokenizer()
    # its own way would take whatever lies as jieba.cache in the machine's folder for temporary files: words of another
    # version, or of another user; to read the dictionary itself takes no longer
    made.FREQ, made.total = _weights(made.get_dict_file())
    made.initialized = True
    made.load_userdict(_lines("domain_words.txt"))
    return made


def _weights(dictionary: IO[bytes]) -> tuple[dict[str, int], int]:
    """Weights of the words of a dictionary of jieba, 0 for what only begins words, and their sum.

    What its `gen_pfdict` gives, in half the time: every process that needs words waits for it.
    """
    with dictionary:
        fields = dictionary.read().decode("utf-8").split()  # word, weight, part of speech
    words, counts = fields[::3], [int(count) for count in fields[1::3]]
    weights = dict(zip(words, counts, strict=True))
    for word in words:
        beginning = word[:-1]
        while beginning and beginning not in weights:
            weights[beginning] = 0
            beginning = beginning[:-1]
    return weights, sum(counts)


def cut(text: str) -> list[str]:
    """Words of a text in order; joined they are the text. Numbers and Latin words are kept whole.

    >>> cut("收到政府信息公开申请1,234件，占33.9%。")
    ['收到', '政府信息公开', '申请', '1,234', '件', '，', '占', '33.9%', '。']
    """
    words: list[str] = []
    end = 0
    for match in _RUN.finditer(text):
        words += text[end : match.start()]  # marks and blanks, each on its own
        run = match.group()
        if "\u4e00" <= run[0] <= _LAST_HAN:
            words += _cut_run(run)
        else:
            words.append(run)
        end = match.end()
    words += text[end:]
    return words


def runs(text: str) -> list[str]:
    """What `cut` makes words of, but for numbers: runs of Chinese characters, and Latin words, in order.

    >>> runs("收到申请1,234件，含iOS。")
    ['收到申请', '件', '含', 'iOS']
    """
    return _WORDS.findall(text)


# reports repeat themselves, and one another: the runs between two marks are often old acquaintances
@lru_cache(maxsize=1 << 15)
def _cut_run(run: str) -> tuple[str, ...]:
    return _cutter().cut(run)


class _Cutter:
    """Cuts runs here, and with `rjieba` once there were so many that its loading is made up for."""

    def __init__(self) -> None:
        self.n_cut = 0
        self.compiled: Any = None

    def cut(self, run: str) -> tuple[str, ...]:
        """Words of a run of Chinese characters."""
        if self.compiled is not None:
            return tuple(self.compiled.cut(run, False))
        self.n_cut += 1
        if self.n_cut == _MANY_RUNS:
            self.compiled = _compiled()
        return _heaviest(run)


@cache
def _cutter() -> _Cutter:
    return _Cutter()


def _compiled() -> Any:
    """`rjieba` with the words and weights of `tokenizer`; None where it is not installed or cuts otherwise."""
    try:
        import rjieba  # noqa: PLC0415  an extra
    except ImportError:
        return None
    made: Any = rjieba.Jieba()
    made.clear()  # of the words of its own, which another version may change
    total = 0
    for word, weight in tokenizer().FREQ.items():
        if weight:
            made.add_word(word, weight, "")
            total += weight
    # jieba leaves in its sum what a word of ours weighed before: a word that no text has makes it up
    made.add_word(_IN_NO_TEXT, tokenizer().total - total, "")
    words = _lines("domain_words.txt")
    pairs = (one.split()[0] + other.split()[0] for one, other in pairwise(words))
    same = all(tuple(made.cut(pair, False)) == _heaviest(pair) for pair in pairs)
    return made if same else None


def _heaviest(run: str) -> tuple[str, ...]:
    """What jieba gives with `HMM=False`: the words whose weights have the largest product, of equals the longer first.

    The sums are made in its order, so that they are its sums to the last bit.
    """
    known = tokenizer().FREQ.get
    weights = _log_weights()
    length = len(run)
    best, ends = [0.0] * (length + 1), [0] * length
    for start in range(length - 1, -1, -1):
        end, chosen = start + 1, 0
        largest = 0.0
        weight = known(run[start])
        while weight is not None:  # some word begins like this
            if weight:
                value = weights[weight] + best[end]
                if not chosen or value >= largest:
                    largest, chosen = value, end
            if end == length:
                break
            end += 1
            weight = known(run[start:end])
        best[start] = largest if chosen else weights[1] + best[start + 1]
        ends[start] = chosen or start + 1
    words = []
    start = 0
    while start < length:
        words.append(run[start : ends[start]])
        start = ends[start]
    return tuple(words)


class _LogWeights(dict[int, float]):
    """The logarithm of a weight's share in the sum of all."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self.total = log(total)

    def __missing__(self, weight: int) -> float:
        self[weight] = value = log(weight) - self.total
        return value


@cache
def _log_weights() -> _LogWeights:
    return _LogWeights(tokenizer().total)


@lru_cache(maxsize=1 << 15)
def words_within(run: str) -> tuple[str, ...]:
    """Every word of the dictionary, of two characters or more, in a run of Chinese characters, overlapping ones too.

    `cut` settles for one reading; this is what a search needs: whichever word is printed in the run is among them.

    >>> words_within("行政复议案件")
    ('行政', '行政复议', '复议', '议案', '案件')
    """
    # what jieba's full mode gives but for single characters; its own code takes three times as long
    known = tokenizer().FREQ
    words: list[str] = []
    for start in range(len(run) - 1):
        for end in range(start + 2, len(run) + 1):
            weight = known.get(run[start:end])
            if weight is None:  # no word begins like this
                break
            if weight:
                words.append(run[start:end])
    return tuple(words)


@cache
def stop_words() -> frozenset[str]:
    """Words that tell nothing of a report, by `corpus/data/stop_words.txt`, which says how they were chosen."""
    return frozenset(word for line in _lines("stop_words.txt") for word in line.split())


def _lines(name: str) -> list[str]:
    lines = resources.files("corpus.data").joinpath(name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
