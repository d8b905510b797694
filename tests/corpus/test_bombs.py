"""A few kilobytes that unpack to much more: refused, before the memory is taken and before the time is."""

import json
import subprocess
import sys
import textwrap

import pytest

# In a process of its own, so that the most memory that it ever took is that of unpacking.
UNPACK = textwrap.dedent("""
    import base64, gzip, json, resource, sys, zlib
    from corpus.errors import UnpackError
    from corpus.unpack import decode_body

    LIMIT, PIECE, N_PIECES = 2**20, bytes(2**20), 64
    unit = 1 if sys.platform == "darwin" else 1024

    def deflated(bits):
        packer = zlib.compressobj(6, zlib.DEFLATED, bits)
        return b"".join(packer.compress(PIECE) for _ in range(N_PIECES)) + packer.flush()

    brotlied = zlib.decompress(base64.b64decode(sys.argv[1]))
    small = gzip.compress(b"x")
    bombs = {
        "gzip": (deflated(31), "gzip"),
        "x-gzip": (deflated(31), "X-GZIP"),
        "deflate": (deflated(15), "deflate"),
        "deflate, raw": (deflated(-15), "deflate"),
        "br": (brotlied, "br"),
        "gzip in gzip": (gzip.compress(deflated(31)), "gzip, gzip"),
        "br in deflate": (zlib.compress(brotlied), "br, deflate"),
        "many members": (gzip.compress(bytes(2**16), 9) * 4000, "gzip"),
        "members of nothing": (gzip.compress(b"") * 40_000, "gzip"),
        "many codings": (small, ", ".join(["gzip"] * 50_000)),
        "zstd": (b"\\x28\\xb5\\x2f\\xfd" + bytes(100), "zstd"),
    }
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    found = {}
    for name, (body, coding) in bombs.items():
        try:
            found[name] = len(decode_body(body, "", coding, LIMIT))
        except UnpackError as error:
            found[name] = error.code
    end = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(json.dumps({"found": found, "grown": end - start, "longest": max(len(body) for body, _ in bombs.values())}))
""")
# zlib.compress(brotli.compress(bytes(2**28)))
BROTLI = (
    "eNo7/f+/PYMaw6sNx7kcnt3jX1Jt3/DuL8Ou78wv7vEvoBHnx///7AdYHGTCHIBiAd/rQMJ3fzMCZUreswNVXtgrD5RwoJLEAYgPH21gAArRFMH8JQZ0"
    "BU0Rw////xlmMHQcZgL6j6bowf//8gzCDIURoHijKfrz/z9zApMCHzcwFmmKGv7/r2fwYTiSyAhMHzRFH/7/52/gbLDQASVJmqJ///8zGjAKtLMCcwFN"
    "0WhmGs1Mo5lpNDONZqbRzDSamUYz0+DNTAqgwKNLZmIAACYRj0Q="
)
TOO_LARGE = [
    "gzip",
    "x-gzip",
    "deflate",
    "deflate, raw",
    "br",
    "gzip in gzip",
    "br in deflate",
    "many members",
]


@pytest.fixture(scope="module")
def unpacked():
    run = subprocess.run(
        [sys.executable, "-c", UNPACK, BROTLI], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_bomb_is_too_large_however_it_is_packed(unpacked, name):
    assert unpacked["found"][name] == "too_large"


def test_what_is_packed_often_and_holds_little_is_read(unpacked):
    assert unpacked["found"]["members of nothing"] == 0
    assert unpacked["found"]["many codings"] == 1


def test_a_coding_that_is_not_supported_is_not_guessed(unpacked):
    assert unpacked["found"]["zstd"] == "unknown_coding"


def test_a_bomb_takes_no_more_memory_than_a_page_of_the_limit_may(unpacked):
    # at least 64 times the limit would come out of each; the window of brotli alone may take 16 MB
    assert unpacked["longest"] < 2**20
    assert unpacked["grown"] < 24 * 2**20
