"""What crosses the edge of the program: what comes in, what is shown, and what a messenger or a store can do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Incoming:
    """What one person did, as a messenger read it. Names and usernames are never read."""

    address: str = field(repr=False)
    text: str = field(default="", repr=False)
    button: str = field(default="", repr=False)
    message: int = 0
    update: int = 0
    press: str = field(default="", repr=False)
    date: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, perhaps bold, perhaps leading to an address."""

    text: str
    bold: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph: ``copy`` is to be copied, ``notice`` answers what just happened, ``where`` says where one is."""

    kind: Literal["text", "copy", "notice", "where"]
    spans: tuple[Span, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to choose, and what to type for it. `ticked` is None where it is not a line of a checklist."""

    key: str
    label: str
    typed: str
    ticked: bool | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything on a page. Many people may be shown the same."""

    language: str
    passages: tuple[Passage, ...] = field(repr=False)
    buttons: tuple[Button, ...] = field(repr=False)
    fixed: tuple[Button, ...]
    prompt: str = ""
    asks: str = ""
    right_to_left: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A screen in somebody's language, ready to show. `stamp` goes into every button with its key."""

    stamp: str
    content: Content

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What is said."""
        return self.content.passages

    @property
    def buttons(self) -> tuple[Button, ...]:
        """What can be chosen here."""
        return self.content.buttons

    @property
    def fixed(self) -> tuple[Button, ...]:
        """What can be chosen everywhere."""
        return self.content.fixed

    @property
    def asks(self) -> str:
        """What kind of text is asked for, if any."""
        return self.content.asks


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a messenger can really do; every text about privacy is made from this.

    `end_to_end` is ``local`` where nothing leaves the machine.
    """

    name: str
    edits: bool
    erases_ours: bool
    erases_theirs: bool
    buttons: bool
    end_to_end: Literal["yes", "no", "local"]
    disappearing: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this: shown at arrival. Empty where a person runs it for themselves."""

    name: str = ""
    contact: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of one chat: the session as bytes, the turn it stands at, and the turn last shown."""

    session: bytes = field(repr=False)
    turn: int
    shown: int
    screen: int = 0


class Messenger(Protocol):
    """Shows a page and erases. It knows nothing of what a conversation is."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    async def show(self, address: str, page: Page, screen: int, /) -> int:
        """Make `page` the one screen of the chat, in place of message `screen`; the id of what stands there now."""

    async def leave(self, address: str, screen: int, dull: str, /) -> None:
        """Erase what can be erased; leave `dull` in its place, or nothing where that is empty."""


class SessionStore(Protocol):
    """Where sessions rest."""

    async def load(self, address: str) -> Record | None:
        """The record of a chat."""

    async def save(self, address: str, record: Record, after: int | None) -> bool:
        """Keep `record` if the one there stands at turn `after` (None: if there is none); whether it was kept."""

    async def shown(self, address: str, turn: int, screen: int) -> None:
        """Note that `turn` is on the screen with the id `screen`."""

    async def drop(self, address: str) -> None:
        """Forget a chat."""
