"""The commands about translations: the template, a new language, what is missing, and who has read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import click

from bot.check_languages import check_languages
from bot.knowledge.entries import Reader
from bot.knowledge.knowledge import read_knowledge
from bot.knowledge.reviews import ROLES, Review, as_toml, read_reviews, signed
from bot.language.catalogs import CORE, BadCatalogError, Catalogs
from bot.language.compiled import NAME
from bot.language.reviewed import texts_of
from bot.script import catalog as catalogs
from bot.script.catalog import CatalogError
from bot.script.diagnostic import BadContentError, Report
from bot.script.load import load

T = TypeVar("T")
TOO_LONG = frozenset({"W507", "W508", "W509"})
"""Diagnostics that say so."""

_NAME = 80


@click.group()
def catalog() -> None:
    """Translations: the template, new languages, and what is missing."""


ROOT = click.option("--root", default=".", type=click.Path(path_type=Path, file_okay=False), help="The checkout.")


@catalog.command()
@ROOT
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail where the template is out of date.")
def extract(root: Path, *, only_check: bool) -> None:
    """Write locales/messages.pot, the template of every catalog."""
    text = catalogs.as_text(_done(catalogs.template, root))
    path = root / catalogs.TEMPLATE
    if not only_check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    elif not path.is_file() or path.read_text(encoding="utf-8") != text:
        raise click.ClickException(f"{path} is out of date; `waymark catalog extract` renews it")
    click.echo(f"{path} {'is up to date' if only_check else 'written'}")


@catalog.command()
@ROOT
@click.argument("language")
def add(root: Path, language: str) -> None:
    """Begin a catalog for LANGUAGE, such as es or pt-BR."""
    click.echo(f"{_done(catalogs.add, root, language)} is ready to translate")


@catalog.command()
@ROOT
def update(root: Path) -> None:
    """Bring every catalog up to date; a changed text keeps its translation as fuzzy."""
    for path in _done(catalogs.update, root):
        click.echo(f"{path} brought up to date")


@catalog.command("compile")
@ROOT
def compile_(root: Path) -> None:
    """Write a copy beside each catalog that is read faster at start. It serves those very words, and no others."""
    there = _there(root)
    for code in there.there()[1:]:
        path = catalogs.path_of(root, code).with_name(NAME)
        path.write_bytes(_done(there.compile, code))
        click.echo(f"{path} written")


@catalog.command()
@ROOT
@click.argument("language", required=False)
def report(root: Path, language: str | None) -> None:
    """Say by conversation what is translated, fuzzy, missing and too long, in LANGUAGE or in all."""
    wanted = _done(catalogs.template, root)
    for code in [language] if language else catalogs.languages(root):
        held = _done(catalogs.read_catalog, catalogs.path_of(root, code))
        too_long = _too_long(root, code)
        click.echo(f"{code:<24}{'translated':>11}{'fuzzy':>7}{'missing':>9}{'too long':>10}")
        for name, row in sorted(catalogs.tally(held, wanted).items()):
            click.echo(f"  {name:<22}{row.translated:>11}{row.fuzzy:>7}{row.missing:>9}{too_long[name]:>10}")
        for name, message in catalogs.fuzzy(held):
            click.echo(f"  fuzzy {name}: {str(message.id)[:60]}")
        click.echo(f"  {_standing(root, code)}")


def _standing(root: Path, code: str) -> str:
    """Whether people can choose a language, and what they then cannot open."""
    there = _there(root)
    whole = _done(there.whole, code)
    if code not in there.offered():
        return f"offered to nobody yet: `waymark`, {', '.join(f'`{name}`' for name in CORE)} must be whole"
    missing = ", ".join(sorted(set(there.flows) - whole))
    return f"offered, without {missing}" if missing else "offered, with every conversation"


def _too_long(root: Path, code: str) -> Counter[str]:
    """How many labels, sentences and screens are too long in a language, by conversation."""
    said, there = Report(), _there(root)
    check_languages(load(root / "bot" / "flows", said), read_knowledge(root / "bot" / "content")[0], there, said)
    path = catalogs.path_of(root, code)
    contexts = {line: context for (context, _), line in _done(there.po, code).lines.items()}
    longer = (found for found in said.found if found.path == path and found.code in TOO_LONG)
    return Counter(contexts.get(found.line, "").removesuffix("/button") for found in longer)


@catalog.command()
@ROOT
@click.argument("name", metavar="ID")
@click.option("--by", required=True, help="Who says that the meaning is the same.")
def keep(root: Path, name: str, by: str) -> None:
    """Carry translations over an edit that does not change the meaning."""
    kept = _done(catalogs.keep, root, name, by, datetime.now(UTC).date())
    click.echo(f"{name} kept in {', '.join(kept)}")


@catalog.command()
@ROOT
@click.argument("language")
@click.option("--by", required=True, metavar="NAME", help="Who read it: a name, or whatever they want to stand there.")
@click.option("--on", metavar="DATE", help="The day they read it, such as 2026-11-20; today without it.")
@click.option("--role", type=click.Choice(ROLES), default="translator", show_default=True, help="What they are.")
@click.option("--shown", is_flag=True, help="They wish that people who use the bot see their name.")
def review(root: Path, language: str, by: str, on: str | None, role: str, *, shown: bool) -> None:  # noqa: PLR0913
    """Record that somebody has read every conversation that is whole in LANGUAGE, as it is now.

    A changed letter takes the review of its conversation away. `waymark sign` records the reading of a single one.
    """
    there, reader = _there(root), Reader()
    if language not in there.there():
        raise click.ClickException(f"there is no catalog for `{language}`; there is {', '.join(there.there())}")
    store, day, tongue = root / "bot" / "content" / "reviews.toml", _day(on), _done(there.tongue, language)
    held = read_reviews(store, reader)
    if reader.problems:
        raise click.ClickException("\n".join(map(str, reader.problems)))
    whole = sorted(there.whole(language))
    for name in whole:
        words_read = texts_of(there.flows[name], tongue)
        held = signed(held, Review(name, language, role, _name(by), day, words_read, shown))
    if not whole:
        raise click.ClickException(f"nothing is whole in {language}; `waymark catalog report {language}` says more")
    store.write_text(as_toml(held), encoding="utf-8")
    click.echo(f"{len(whole)} conversations in {language}: read by {role} on {day}; recorded in {store}")


def _name(by: str) -> str:
    name = " ".join(by.split())
    if not name or len(name) > _NAME or not name.isprintable():
        raise click.UsageError(f"--by: a name, or what stands for it, of {_NAME} characters at most")
    return name


def _day(on: str | None) -> date:
    today = datetime.now(UTC).date()
    try:
        day = date.fromisoformat(on) if on else today
    except ValueError:
        raise click.UsageError(f"--on {on}: write a day, such as 2026-11-20") from None
    if day > today:
        raise click.UsageError(f"--on {on}: that day has not come yet")
    return day


def _there(root: Path) -> Catalogs:
    """The catalogs of a checkout, read as they are."""
    said = Report()
    if not (root / "bot" / "flows").is_dir():
        raise click.ClickException(f"{root}: no bot/flows here; run this in a checkout of Waymark")
    flows = {name: source.flow for name, source in load(root / "bot" / "flows", said).items()}
    if said:
        raise click.ClickException(str(said))
    return Catalogs(root / "locales", flows, fast=False)


def _done(work: Callable[..., T], *arguments: object) -> T:
    """What `work` gives; a catalog that is wrong is one clear line."""
    try:
        return work(*arguments)
    except (CatalogError, BadCatalogError, BadContentError) as error:
        raise click.ClickException(str(error)) from None
