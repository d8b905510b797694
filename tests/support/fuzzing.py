"""Runs atheris on a check: seeds from the bundled pages, a dictionary of tags and labels, mutations of pages.

Needs the extra `fuzz` (`pip install -e '.[fuzz,dev]'`). How to use it: tests/fuzz/README.md.
"""

import hashlib
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

_ROOT = Path(__file__).resolve().parents[2]
_SEED_BYTES = 6000
_SEEDS_A_PAGE = 4
# The rest of the mutations are libFuzzer's own.
_OWN_SHARE = 0.6
_OF_A_KIND = 5
_CHARSETS = ("gb18030", "big5hkscs", "utf-16")


def run(check_name: str) -> None:
    """Fuzz until libFuzzer is told to stop. Arguments: CORPUS, the folder in which it keeps what it learns, options.

    libFuzzer ends at the first finding; with --go-on findings are written beside the corpus, and the run goes on.
    """
    import atheris  # noqa: PLC0415  an extra that the suite does without

    corpus = next((Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")), None)
    if corpus is None:
        sys.exit(f"usage: {sys.argv[0]} CORPUS [--go-on] [-max_total_time=600] [further options of libFuzzer]")
    arguments = [argument for argument in sys.argv if argument != "--go-on"]
    with atheris.instrument_imports(include=["parsers", "corpus"]):
        import fuzz_checks  # noqa: PLC0415
        import fuzz_mutator  # noqa: PLC0415

    seeds = list(_seeds())
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number:04}").write_bytes(seed)
    mutator = fuzz_mutator.PageMutator(seeds)
    check = fuzz_checks.CHECKS[check_name]
    if "--go-on" in sys.argv:
        check = _keeping(check, corpus.parent)

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        rng = Random(seed)
        if rng.random() > _OWN_SHARE:
            return bytes(atheris.Mutate(data, max_size))
        return mutator.change(data, rng, max_size)

    with tempfile.NamedTemporaryFile("w", suffix=".dict", encoding="utf-8") as words:
        words.writelines(_entry(word) for word in (*fuzz_mutator.TAGS, *fuzz_mutator.WORDS, *fuzz_mutator.labels()))
        words.flush()
        usual = [f"-dict={words.name}", f"-max_len={_SEED_BYTES}", "-timeout=120", "-rss_limit_mb=3000"]
        atheris.Setup([arguments[0], *usual, *arguments[1:]], check, custom_mutator=mutate)
        atheris.Fuzz()


def _keeping(check: Callable[[bytes], None], folder: Path) -> Callable[[bytes], None]:
    """The check, but that what it finds is written down: of each kind of finding the first few."""
    kinds: Counter[str] = Counter()

    def go_on(data: bytes) -> None:
        try:
            check(data)
        except Exception as error:  # noqa: BLE001  whatever it is, it is the finding
            places = traceback.extract_tb(error.__traceback__)[-2:]
            kind = f"{type(error).__name__} {[(place.name, place.lineno) for place in places]}"
            kinds[kind] += 1
            if kinds[kind] <= _OF_A_KIND:
                path = folder / f"finding-{hashlib.sha256(data).hexdigest()[:16]}"
                path.write_bytes(data)
                print(f"{path}: {kind}: {str(error)[:300]}", flush=True)

    return go_on


def _seeds() -> list[bytes]:
    """Pieces of the bundled pages, begun at tags; every tenth in another charset besides."""
    found: list[bytes] = []
    for page in sorted((*_ROOT.glob("tests/pages/*/page.*"), *_ROOT.glob("corpus/samples/*/page.*"))):
        data = page.read_bytes()
        starts = [data.find(b"<", part * len(data) // _SEEDS_A_PAGE) for part in range(_SEEDS_A_PAGE)]
        found += [data[start : start + _SEED_BYTES] for start in sorted(set(starts)) if start >= 0]
    for number, seed in enumerate(list(found[::10])):
        found.append(seed.decode("utf-8", "ignore").encode(_CHARSETS[number % len(_CHARSETS)], "ignore"))
    return found


def _entry(word: str) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n'
