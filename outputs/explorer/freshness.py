"""Whether the dataset is still the one that the explorer was started with."""

import hashlib
from pathlib import Path

from outputs.directory import RUN_FILE, is_unfinished


class Freshness:
    """Watches the `run.json` of a dataset, which names the digest of every file: what changes them changes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._run = folder / RUN_FILE
        self.digest = hashlib.sha256(self._run.read_bytes()).hexdigest()
        """Digest of the run: the same for the same dataset."""
        self._seen = self._stamp()

    def is_same(self) -> bool:
        """Tell whether the files are those of the start; a run that gave the same bytes again changes nothing."""
        if is_unfinished(self._folder):
            return False
        try:
            stamp = self._stamp()
            if stamp != self._seen:
                if hashlib.sha256(self._run.read_bytes()).hexdigest() != self.digest:
                    return False
                self._seen = stamp
        except OSError:
            return False
        return True

    def _stamp(self) -> tuple[int, int, int]:
        found = self._run.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino
