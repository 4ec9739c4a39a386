"""The texts as they are on the disk now: read again where a file changed, with what keeps them from being shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po

from bot.check import check
from bot.engine.flows import Flows
from bot.knowledge.entries import Reader
from bot.knowledge.knowledge import Knowledge, read_knowledge
from bot.knowledge.reviews import Review, read_reviews
from bot.language.catalogs import BadCatalogError, Catalogs
from bot.language.tongue import Tongue
from bot.overlay import Overlay, lay, own_parts
from bot.script.diagnostic import Diagnostic, Report
from bot.script.parse import parse, text_of
from bot.script.paths import Source, check_paths
from bot.settings import Texts

Stamp = tuple[int, int]
"""When a file was changed, in nanoseconds, and its size: another stamp is another text."""


class NoTextsError(Exception):
    """There is nothing to show in a folder; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Texts that can be shown. `written` is the Markdown of each flow, as it was when it was read."""

    texts: Texts
    sources: Mapping[str, Source]
    written: Mapping[str, str]
    flows: Flows
    knowledge: Knowledge
    catalogs: ReadCatalogs
    reviews: tuple[Review, ...]


class Drafts:
    """Reads the shipped texts, or those with a writer's folder over them; a file that did not change is not read anew.

    Raises `NoTextsError` where the folder has nothing that is read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.folder = folder or Path.cwd()
        """What files are named from."""
        self._flows: dict[Path, tuple[Stamp, str, Source | None, list[Diagnostic]]] = {}
        self._tongues: dict[str, tuple[Stamp, Tongue]] = {}
        if folder and not own_parts(folder) and not any(folder.glob("*.md")):
            raise NoTextsError(f"{folder}: no flows/, content/ or locales/ here, and no flow, which ends in .md")

    def folders(self) -> Iterator[Path]:
        """Every folder in which a saved file changes what is shown."""
        shipped = Texts()
        yield from (Path(str(part)) for part in (shipped.flows, shipped.content, shipped.locales))
        if self._folder:
            yield from (self._folder / part for part in own_parts(self._folder) or ("",))

    def read(self) -> tuple[Draft | None, Report]:
        """The texts as they are now; none where they may not be shown, and why."""
        report = Report()
        texts = self._texts(report)
        written, sources = self._sources(texts.flows, report)
        if not report:
            check_paths(sources, None, report, whole=True)
        knowledge, reader = read_knowledge(texts.content)
        reviews = self._reviews(texts.content / "reviews.toml", reader)
        for problem in reader.problems:
            report.say("W401" if problem.missing else "W402", problem.path, problem.line, problem.message)
        flows = Flows({name: source.flow for name, source in sources.items()})
        catalogs = ReadCatalogs(texts.locales, flows, self._tongues)
        for code in catalogs.there():
            try:
                catalogs.tongue(code)
            except BadCatalogError as error:
                path = Path(str(catalogs.path(code)))
                report.say("W502", path, 0, str(error).removeprefix(f"{path}: "))
        if report:
            return None, report
        return Draft(texts, sources, written, flows, knowledge, catalogs, reviews), report

    def saved(self, path: Path) -> str | None:
        """What stood in a flow's file when it was read last, whether it could be shown or not."""
        kept = self._flows.get(path)
        return kept[1] if kept else None

    def check(self) -> Report:
        """Every diagnostic there is: takes longer than `read`."""
        report = Report()
        texts = self._texts(report)
        try:
            found = check(texts=texts, ours=self._folder is None)
        except Exception as error:  # noqa: BLE001 - a file may be half written, or gone, just now
            report.say("W113", self._folder or Path(str(texts.flows)), 0, f"{type(error).__name__} while reading it")
            return report
        report.found += found.found
        return report

    def _texts(self, report: Report) -> Texts:
        if self._folder is None:
            return Texts()
        if own_parts(self._folder):
            return lay(self._folder, report)
        laid: dict[str, Path | dict[str, object]] = {path.name: path for path in sorted(self._folder.glob("*.md"))}
        return Texts(flows=Overlay(self._folder, laid, Texts().flows))  # type: ignore[arg-type]  # no folders in it

    def _sources(self, folder: Traversable, report: Report) -> tuple[dict[str, str], dict[str, Source]]:
        written: dict[str, str] = {}
        sources: dict[str, Source] = {}
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if not file.name.endswith(".md"):
                continue
            text, source, found = self._one(Path(str(file)))
            for each in found:
                report.say(each.code, each.path, each.line, each.message)
            if source:
                written[source.flow.id], sources[source.flow.id] = text, source
        return written, sources

    def _one(self, path: Path) -> tuple[str, Source | None, list[Diagnostic]]:
        report = Report()
        try:
            stamp = stamp_of(path)
            kept = self._flows.get(path)
            if kept and kept[0] == stamp:
                return kept[1:]
        except OSError as error:
            report.say("W113", path, 0, f"{type(error).__name__}: it cannot be opened")
            return "", None, report.found
        text = text_of(path, report)
        source = Source(parse(text, path, report), path) if text is not None else None
        self._flows[path] = stamp, text or "", source, report.found
        return text or "", source, report.found

    @staticmethod
    def _reviews(file: Traversable, reader: Reader) -> tuple[Review, ...]:
        return read_reviews(file, reader) if file.is_file() else ()


class ReadCatalogs(Catalogs):
    """Catalogs of which one that did not change is not read anew: a long one takes longer than all else."""

    def __init__(self, folder: Traversable, flows: Flows, kept: dict[str, tuple[Stamp, Tongue]]) -> None:
        super().__init__(folder, flows.by_id)
        self._kept = kept
        self._unsure: dict[str, tuple[Stamp, dict[tuple[str, str], str]]] = {}

    def _read(self, code: str) -> Tongue:
        path = Path(str(self.path(code)))
        stamp = stamp_of(path)
        kept = self._kept.get(str(path))
        if kept is None or kept[0] != stamp:
            kept = self._kept[str(path)] = stamp, super()._read(code)
        return kept[1]

    def unsure(self, code: str) -> Mapping[tuple[str, str], str]:
        """Translations marked fuzzy, by context and English text: a translator has still to look at each."""
        path = Path(str(self.path(code)))
        if not path.is_file():
            return {}
        stamp = stamp_of(path)
        kept = self._unsure.get(code)
        if kept is None or kept[0] != stamp:
            with path.open("rb") as file:
                catalog = read_po(file, locale=code.replace("-", "_"))
            kept = self._unsure[code] = stamp, dict(_unsure(catalog))
        return kept[1]


def _unsure(catalog: Catalog) -> Iterator[tuple[tuple[str, str], str]]:
    for each in catalog:
        if each.fuzzy and each.id and isinstance(each.id, str) and isinstance(each.string, str):
            yield (each.context or "", each.id), each.string


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size
