"""Every line the doctor can say. Nothing of a token, a key or a person has a place in any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

SAYS: Mapping[str, str] = {
    "unseen": "cannot be looked at ({kind}): run this as the user who runs the bot, with the same settings",
    "settings": "{said}",
    "token-file": "others may read the file of the token (mode {mode}): `chmod 600` on it, and have @BotFather give a "
    "new token if somebody has",
    "in-clear": "WAYMARK_TELEGRAM_API is http:// to another machine: the token and all that people write can be read "
    "on the way; use https://, or an address on this machine",
    "refused": "Telegram refuses the token: is it whole, and has it been revoked? @BotFather knows",
    "silent": "no answer from Telegram ({status}): look at the network and the proxy, and ask again",
    "placeholder": "{name} is not filled in: people read it before they say anything",
    "year": "it is the year {year} here: set the clock, and let the system keep it",
    "early": "it is {day} here, and the texts were checked on {other}: set the clock, and let the system keep it",
    "ahead": "{path} was written at a time still to come: the clock went back; let the system keep it",
    "jumped": "the clock jumped by {seconds} s while this looked: let one program keep it, in small steps",
    "apart": "the clock is {seconds} s from Telegram's: past two minutes everybody is erased and not answered; let the "
    "system keep it",
    "no-room": "{free} MB are left on the disk of {path}: free some; on a full disk nothing can be kept",
    "no-files": "the disk of {path} takes no more files: remove some; the keys could not be turned",
    "read-only": "the disk of {path} is read-only: mount it so that it can be written",
    "mode": "{path}: others may read it (mode {mode}): `chmod 600` on it",
    "folder-mode": "{path}: others may change what is in it (mode {mode}): `chmod go-w` on it",
    "keys-folder-mode": "{path}: others may look into it (mode {mode}): `chmod 700` on it",
    "owner": "{path} belongs to user {owner}, and this is user {user}: run this as the user who runs the bot, or "
    "`chown` it to them",
    "not-ours": "{path} is not a database of this version of Waymark: move it away",
    "journal": "{path}: another program changed how it is written: leave it to the bot, which mends this at its start",
    "pragma": "SQLite does not hold {name}={wanted} here, so the bot will not start: use another build of Python",
    "others": "process {process} has the database open and is no bot: stop it; what it copies is not forgotten",
    "no-keys": "{path}: the keys to the database are not there: put them back, or move the database away to begin "
    "without sessions",
    "keys": "{said}",
    "beside": "the keys are in {path}, beside what they open: WAYMARK_KEY_FILE puts them elsewhere",
    "old-key": "there is a key of {day}: a running bot drops what is older than three days; start it, or remove the "
    "file to forget every session",
    "not-turned": "the bot runs, and there is no key of today: is its clock right? Start it again",
    "ahead-key": "there is a key of {day}, a day still to come: the clock went back; let the system keep it",
    "log-lines": "lines of {name} keep what they were given: start the bot with `waymark telegram` and nothing else",
    "log-level": "{name} is set: start the bot without it; it makes libraries write down what they do",
    "swap": "{device} is swap, and not encrypted: memory with what people type may come to lie there; `swapoff -a`, "
    "encrypt it, or give the bot's service MemorySwapMax=0",
    "swap-unseen": "this system does not say what swap there is: see that it is off, or encrypted",
    "core": "a crash may write the bot's memory to a file (limit {limit}): `ulimit -c 0` before it starts, or "
    "LimitCORE=0 in its service",
    "core-program": "a crash hands the bot's memory to a program: `sysctl kernel.core_pattern=core`",
    "overdue": "{count} facts, services or numbers should have been checked again, {hidden} of them are no longer "
    "shown: `waymark facts --within 0` names them",
    "own-texts": "{count} to mend, so none of the texts in {path} are used: `waymark check` names them",
    "services": "{said}",
    "services-mode": "{path}: others may change it (mode {mode}), and people call what is in it: `chmod go-w` on it",
}
"""Every line there is, but for what the settings, the keys and the services say of themselves."""

UNSEEN = ("unseen", "silent", "swap-unseen")
"""Lines about what could not be looked at: neither well nor wrong."""

Line = tuple[str, Mapping[str, object]]
"""A key of `SAYS`, and what to put into it."""


class Finding(NamedTuple):
    """One thing that was looked at: well, or wrong and why, or not to be seen."""

    about: str
    line: str = ""
    seen: bool = True

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.line

    def __str__(self) -> str:
        """As it is printed."""
        return f"{self.about}: {self.line or 'well'}"


def verdict(found: Iterable[Finding]) -> int:
    """The exit code: 1 where anything is wrong, 2 where something could not be looked at, else 0."""
    if any(each.line and each.seen for each in found):
        return 1
    return 2 if any(not each.seen for each in found) else 0
