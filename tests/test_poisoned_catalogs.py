"""Bad catalogs: each is caught or counts as missing, none raises, and nobody is shown a word of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from poison_catalogs import FLOWS, MISSING, POISONS, Poison, good

from bot.check import accepted
from bot.check_languages import check_languages
from bot.knowledge.knowledge import read_knowledge
from bot.language.catalogs import Catalogs
from bot.script.diagnostic import BadContentError, Report
from bot.script.parse import parse
from bot.script.paths import Source
from bot.settings import Texts

PATHS = {name: Path(f"{name}.md") for name in FLOWS}
SOURCES = {name: Source(parse(text, PATHS[name], Report()), PATHS[name]) for name, text in FLOWS.items()}
GOOD = good({name: source.flow for name, source in SOURCES.items()})
KNOWLEDGE, _ = read_knowledge(Texts().content)


def read(folder: Path) -> tuple[Catalogs, Report]:
    """What `check` says of the catalogs in a folder."""
    report = Report()
    catalogs = Catalogs(folder, {name: source.flow for name, source in SOURCES.items()}, fast=False)
    check_languages(SOURCES, KNOWLEDGE, catalogs, report)
    return catalogs, report


def test_the_good_one_is_good(tmp_path: Path) -> None:
    path = tmp_path / "es" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD, encoding="utf-8")
    catalogs, report = read(tmp_path)
    assert not report, str(report)
    assert catalogs.offered() == ("en", "es")
    assert catalogs.whole("es") == SOURCES.keys()


def test_there_are_fifty_and_no_two_of_one_name() -> None:
    assert len({poison.name for poison in POISONS}) == len(POISONS) >= 50


@pytest.mark.parametrize("poison", POISONS, ids=lambda poison: poison.name)
def test_a_bad_one_is_caught_or_counts_as_missing(poison: Poison, tmp_path: Path) -> None:
    """F34."""
    poison.write(GOOD, tmp_path / "es" / "LC_MESSAGES" / "messages.po")
    catalogs, report = read(tmp_path)
    if poison.found == MISSING:
        assert not report, str(report)
        assert "es" not in catalogs.offered() or "paper" not in catalogs.whole("es")
    else:
        assert poison.found in {found.code for found in report.found}, str(report)


THEIRS = [POISONS[0], next(poison for poison in POISONS if poison.name == "words that leave which are none")]
"""Of messages that every edition has: an operator's texts lie over the shipped conversations."""


@pytest.mark.parametrize("poison", THEIRS, ids=lambda poison: poison.name)
def test_an_operators_bad_one_is_refused_with_all_of_their_texts(poison: Poison, tmp_path: Path) -> None:
    """F34."""
    poison.write(GOOD, tmp_path / "locales" / "qu" / "LC_MESSAGES" / "messages.po")
    with pytest.raises(BadContentError, match=r"messages\.po"):
        accepted(tmp_path)
