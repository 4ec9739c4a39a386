"""An operator's own texts, laid over the shipped ones file by file."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from bot.script.diagnostic import Report
from bot.settings import Texts

PARTS = ("flows", "content", "locales")
"""The folders that may lie over ours."""

_ASIDE = ("~", ".bak", ".compiled", ".mo", ".pot")
"""Endings of what editors leave beside the files that are read; so is whatever begins with a dot."""

Laid = dict[str, "Path | Laid"]
"""What lies over a folder: files by name, and folders of the same."""

Shape = tuple[str, ...]
"""Where a file that is read may lie: a pattern for the name of each folder, and last for its own."""


class Overlay(Traversable):
    """A folder with some files laid over those of another. Read-only; every file in it is a real one."""

    def __init__(self, path: Path, laid: Laid, under: Traversable) -> None:
        self._path, self._laid, self._under = path, laid, under

    def __str__(self) -> str:
        return str(self._path)

    @property
    def name(self) -> str:
        """See `Traversable.name`."""
        return self._path.name

    def is_dir(self) -> bool:
        """See `Traversable.is_dir`."""
        return True

    def is_file(self) -> bool:
        """See `Traversable.is_file`."""
        return False

    def iterdir(self) -> Iterator[Traversable]:
        """Everything laid over, and of what lies under it the rest."""
        under = [entry.name for entry in self._under.iterdir()] if self._under.is_dir() else []
        return (self / name for name in sorted({*self._laid, *under}))

    def joinpath(self, *descendants: str | os.PathLike[str]) -> Traversable:
        """See `Traversable.joinpath`."""
        name, *rest = PurePosixPath(*descendants).parts
        over = self._laid.get(name)
        if over is None:
            found = self._under / name
        elif isinstance(over, Path):
            found = over
        else:
            found = Overlay(self._path / name, over, self._under / name)
        return found.joinpath(*rest) if rest else found

    def __truediv__(self, child: str | os.PathLike[str]) -> Traversable:
        return self.joinpath(child)

    def open(self, *_arguments: Any, **_options: Any) -> NoReturn:
        """See `Traversable.open`: a folder cannot be."""
        raise IsADirectoryError(self._path)

    def read_bytes(self) -> NoReturn:
        """See `open`."""
        self.open()

    def read_text(self, *_arguments: Any, **_options: Any) -> NoReturn:
        """See `open`."""
        self.open()


def own_parts(home: Path) -> tuple[str, ...]:
    """Which of the three folders are in `home`; one that cannot be looked at counts, and `lay` says so."""
    return tuple(part for part in PARTS if _is_there(home / part))


def lay(home: Path, report: Report) -> Texts:
    """The shipped texts with those in `home` over them; `report` says what of `home` cannot be read, or never is."""
    shipped = Texts()
    known = [(entry.name, "*.toml") if entry.is_dir() else (entry.name,) for entry in shipped.content.iterdir()]
    return Texts(
        _over(home, "flows", [("*.md",)], shipped.flows, report),
        _over(home, "content", known, shipped.content, report),
        _over(home, "locales", [("*", "LC_MESSAGES", "messages.po")], shipped.locales, report),
    )


def _over(home: Path, part: str, shapes: Iterable[Shape], under: Traversable, report: Report) -> Traversable:
    if not _is_there(home / part):
        return under
    return Overlay(home / part, _laid(home / part, Path(os.path.realpath(home)) / part, shapes, report), under)


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        pass  # something is, and whoever reads it says what is wrong with it
    return True


def _laid(folder: Path, root: Path, shapes: Iterable[Shape], report: Report) -> Laid:
    """The files in `folder` that are read, and in the folders in it; `root` is what no link may lead out of."""
    laid: Laid = {}
    wrong = _wrong(folder, root, stat.S_ISDIR)
    try:
        entries = [] if wrong else sorted(folder.iterdir())
    except OSError as error:
        wrong, entries = f"{type(error).__name__}: this folder cannot be read", []
    if wrong:
        report.say("W113", folder, 0, wrong)
    for entry in entries:
        if entry.name.startswith(".") or entry.name.endswith(_ASIDE):
            continue
        fitting = [shape for shape in shapes if fnmatchcase(entry.name, shape[0])]
        inside = [shape[1:] for shape in fitting if len(shape) > 1]
        if inside:
            laid[entry.name] = _laid(entry, root, inside, report)
        elif fitting and not (wrong := _wrong(entry, root, stat.S_ISREG)):
            laid[entry.name] = entry
        else:
            there = ", ".join(sorted({shape[0] for shape in shapes}))
            report.say("W113", entry, 0, wrong if fitting else f"nothing reads this; what is read here is {there}")
    return laid


def _wrong(path: Path, root: Path, kind: Callable[[int], bool]) -> str:
    """What keeps a file or a folder from being read; empty where nothing does."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"{type(error).__name__}: it cannot be opened"
    if not Path(os.path.realpath(path)).is_relative_to(root):
        return "a link that leads out of the folder; put what it leads to here itself"
    if not kind(mode):
        return "a file belongs here, and this is none" if kind is stat.S_ISREG else "a folder belongs here"
    return ""
