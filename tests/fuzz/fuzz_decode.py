"""Fuzzes bytes → text: python tests/fuzz/fuzz_decode.py CORPUS -max_total_time=600."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from fuzzing import run

if __name__ == "__main__":
    run("decode")
