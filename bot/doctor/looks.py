"""Looking at everything, whatever is wrong with any of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from bot.check import overlaid
from bot.doctor import kept, machine
from bot.doctor.kept import day_of, mode_of
from bot.doctor.lines import SAYS, UNSEEN, Finding, Line
from bot.doctor.surroundings import Surroundings
from bot.knowledge.directory.importing import StoreError, read_store
from bot.knowledge.knowledge import Knowledge, read_whole
from bot.knowledge.review import due
from bot.overlay import own_parts
from bot.settings import SettingsError, Texts, api_of, home_folder, operator_of, services_file, token_of

APART = 30
"""Seconds our clock may differ from Telegram's: at two minutes people are no longer answered."""

_LONGEST_NAME = 200


def examine(around: Surroundings) -> Iterator[Finding]:
    """Look at everything, whatever is wrong with any of it."""
    begun = around.now() - around.boot()
    for about, look in LOOKS.items():
        if look is _telegram and around.ask is None:
            continue
        try:
            lines = list(look(around))
        except Exception as error:  # noqa: BLE001 - one thing that cannot be looked at must not hide the others
            lines = [("unseen", {"kind": type(error).__name__})]
        if about == "clock" and not lines:
            lines = list(machine.jumped(around, begun))
        found = [Finding(about, SAYS[key].format(**values), key not in UNSEEN) for key, values in lines]
        yield from found or [Finding(about)]


def _token(around: Surroundings) -> Iterator[Line]:
    try:
        token_of(around.environment, around.token_file)
    except SettingsError as error:
        yield "settings", {"said": error}
    if around.token_file and around.token_file.exists():
        mode = mode_of(around.token_file)
        if mode & 0o077:
            yield "token-file", {"mode": f"{mode:o}"}


def _address(around: Surroundings) -> Iterator[Line]:
    try:
        address = urlsplit(api_of(around.environment))
    except SettingsError as error:
        yield "settings", {"said": error}
        return
    if address.scheme == "http" and address.hostname not in {"localhost", "127.0.0.1", "::1"}:
        yield "in-clear", {}


def _telegram(around: Surroundings) -> Iterator[Line]:
    """What Telegram says of the token, and its clock; a setting that is missing is said elsewhere."""
    assert around.ask, "nobody is asked but with --online"
    try:
        api, token = api_of(around.environment), token_of(around.environment, around.token_file)
    except SettingsError:
        yield "unseen", {"kind": SettingsError.__name__}
        return
    answer = around.ask(api, token)
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        yield "refused", {}
    elif answer.status != HTTPStatus.OK:
        yield "silent", {"status": answer.status or "nothing at all"}
    apart = round(around.now() - answer.clock) if answer.clock is not None else 0
    if abs(apart) > APART:
        yield "apart", {"seconds": apart}


def _operator(around: Surroundings) -> Iterator[Line]:
    try:
        operator_of(around.environment)
    except SettingsError as error:
        yield "settings", {"said": error}
        return
    for part in ("NAME", "CONTACT", "COUNTRY"):
        value = around.environment[f"WAYMARK_OPERATOR_{part}"].strip()
        if not any(map(str.isalnum, value)) or len(value) > _LONGEST_NAME or "\n" in value:
            yield "placeholder", {"name": f"WAYMARK_OPERATOR_{part}"}


def _clock(around: Surroundings) -> Iterator[Line]:
    today = day_of(around.now())
    return machine.clock(around, max((fact.checked_on for fact in _knowledge(around).facts), default=today))


def _facts(around: Surroundings) -> Iterator[Line]:
    overdue = due(_knowledge(around), day_of(around.now()), within=-1)
    if overdue:
        yield "overdue", {"count": len(overdue), "hidden": sum(not entry.shown for entry in overdue)}


def _own_texts(around: Surroundings) -> Iterator[Line]:
    home = home_folder(around.environment)
    if home and own_parts(home):
        found = overlaid(home)[1].found
        if found:
            yield "own-texts", {"count": len(found), "path": home}


def _services(around: Surroundings) -> Iterator[Line]:
    file = services_file(around.environment)
    if file.exists() and (mode := mode_of(file)) & 0o022:
        yield "services-mode", {"path": file, "mode": f"{mode:o}"}
    try:
        read_store(file)
    except StoreError as error:
        yield "services", {"said": error}


def _knowledge(around: Surroundings) -> Knowledge:
    """What is known, with the operator's own where that passes."""
    home = home_folder(around.environment)
    if home and own_parts(home):
        texts, report = overlaid(home)
        if not report:
            return read_whole(texts.content)
    return read_whole(Texts().content)


LOOKS: Mapping[str, Callable[[Surroundings], Iterator[Line]]] = {
    "token": _token,
    "address": _address,
    "Telegram": _telegram,
    "operator": _operator,
    "clock": _clock,
    "disk": kept.disk,
    "files": kept.files,
    "database": kept.database,
    "keys": kept.keys,
    "logs": machine.logs,
    "swap": machine.swap,
    "core dumps": machine.core,
    "facts": _facts,
    "own texts": _own_texts,
    "services": _services,
}
"""What is looked at, in this order; Telegram only where it may be asked."""
