"""Room kept for leaving: a full disk refuses to delete as well, until something else is given up."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

BALLAST = 128 * 1024
"""Bytes. A delete writes pages to the log before it frees any; the log is used again after each, and took 37 KB."""

MODE = 0o600


class Ballast:
    """A file beside the database that holds nothing, so that there is something to throw off."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(f"{path.name}.ballast")
        self.there = False
        self.take_in()

    def take_in(self) -> None:
        """Make the file where it is not whole. `there` says whether it is; a disk that is full keeps none."""
        self.there = False
        try:
            if not self._path.exists() or self._path.stat().st_size != BALLAST:
                self._path.unlink(missing_ok=True)
                self._write()
            self.there = True
        except OSError:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
        try:
            if os.write(descriptor, os.urandom(BALLAST)) != BALLAST:  # zeros might take no room at all
                raise OSError("no room")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def throw_off(self) -> bool:
        """Give the room up; whether there was any."""
        was, self.there = self.there, False
        if was:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
        return was
