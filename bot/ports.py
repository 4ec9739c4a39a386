"""What crosses the edge of the program: what comes in, what is shown, and what a messenger or a store can do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Literal, NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Incoming:
    """What one person did, as a messenger read it: seven fields. Names and usernames are never read.

    `text` is what was typed, or what a button carried. ``other`` is a message without text of theirs, ``long`` one
    too long to be read, ``edited`` one that was changed later, ``gone`` says that we can no longer reach them.
    """

    address: str = field(repr=False)
    text: str = field(default="", repr=False)
    kind: Literal["text", "button", "other", "long", "edited", "gone"] = "text"
    message: int = 0
    update: int = 0
    press: str = field(default="", repr=False)
    date: int = 0

    @property
    def typed(self) -> tuple[int, ...]:
        """The id of what somebody sent, which is to be erased; a button is pressed on a message of ours."""
        return (self.message,) if self.message and self.kind != "button" else ()

    @property
    def starts(self) -> bool:
        """Whether this is `/start`: Arrival, whatever came before; what follows it is ignored."""
        return self.kind == "text" and self.text.split(maxsplit=1)[:1] == ["/start"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, perhaps bold, perhaps leading to an address, perhaps there to be copied with one tap."""

    text: str
    bold: bool = False
    link: str = ""
    copied: bool = False


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
    """Everything on a page. Many people may be shown the same: `still` says that nothing in it is one person's."""

    language: str
    passages: tuple[Passage, ...] = field(repr=False)
    buttons: tuple[Button, ...] = field(repr=False)
    fixed: tuple[Button, ...]
    prompt: str = ""
    asks: str = ""
    right_to_left: bool = False
    still: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A screen in somebody's language, ready to show. `stamp` goes into every button with its key.

    `anew` asks for a new message in place of the old one, where the messenger has messages. `again` says that a program
    that was killed may have sent it: it is looked for before it is sent.
    """

    stamp: str
    content: Content
    anew: bool = False
    again: bool = False

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

    `end_to_end` is ``local`` where nothing leaves the machine. `resends` says that a screen may come as a new message
    each time, `keeps` that a screen and a place can outlive the day.
    """

    name: str
    edits: bool
    erases_ours: bool
    erases_theirs: bool
    buttons: bool
    end_to_end: Literal["yes", "no", "local"]
    disappearing: bool = False
    resends: bool = False
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this: shown at arrival. Empty where a person runs it for themselves."""

    name: str = ""
    contact: str = ""
    country: str = ""


RENEW = 12 * 3600
"""Seconds after which the next screen is sent anew: Telegram deletes nothing of ours after 48 hours."""


class Record(NamedTuple):
    """What is kept of one chat. Without a session it is a tombstone: something is still to be erased.

    `turn` counts turns and `shown` is the last that reached the screen; `screen` and `screen_at` are the id and the
    time of our one message; `erase` are ids still to be erased; `at` is when the last turn was taken, and `stay` how
    many minutes the screen may stay after it; `dull` is the line that leaving leaves behind; after the id `doubt` a
    message of ours may stand that we never heard of. Times are in seconds.
    """

    address: str
    session: bytes
    turn: int
    shown: int = -1
    screen: int = 0
    screen_at: int = 0
    erase: tuple[int, ...] = ()
    at: int = 0
    stay: int = 15
    dull: str = ""
    doubt: int = 0

    def __repr__(self) -> str:
        """What kind of record it is, and nothing of whose."""
        return f"Record({'session' if self.session else 'tombstone'}, turn {self.turn})"


class Saved(Enum):
    """What became of a record."""

    KEPT = "kept"
    OVERTAKEN = "overtaken"  # another turn was taken since it was loaded
    DUPLICATE = "duplicate"  # this update was taken before


class StoreError(Exception):
    """A store that cannot be used: the message names the file, what is wrong, and what to do."""


class GoneError(Exception):
    """Nobody can be reached at this address any more."""


class UnreachedError(Exception):
    """A messenger that does not answer now; the same may work later.

    `record` is what became of it, where something did: a message that may have been sent.
    """

    record: Record | None = None


class NotNowError(UnreachedError):
    """The same will be worth trying after so many seconds, unless something newer is to be shown by then."""

    def __init__(self, seconds: float, why: str = "") -> None:
        super().__init__(why)
        self.seconds = seconds


class Messenger(Protocol):
    """Shows a page and erases. It knows nothing of what a conversation is.

    Raises `GoneError` where somebody cannot be reached any more, and `UnreachedError` where not now. It does not wait
    with a screen: it raises `NotNowError`, so that a newer screen can take its place.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    async def show(self, record: Record, page: Page, /, *, anew: bool = True) -> Record:
        """Make `page` the one screen of the chat: the record with the screen that stands there now.

        Ids that are in the way go on its list of what to erase. Without `anew`, an existing screen is changed and
        nothing is sent.
        """

    async def erase(self, record: Record, /) -> tuple[int, ...]:
        """Erase what is on the record's list; the ids that need not be tried again."""

    async def leave(self, record: Record, /) -> None:
        """Erase everything of the chat that can be erased; leave its dull line in place, where it has one."""

    async def pressed(self, press: str, /) -> None:
        """Tell a button that it was pressed."""


class SessionStore(Protocol):
    """Where sessions rest. Raises `StoreError` where it cannot read or write."""

    async def load(self, address: str) -> Record | None:
        """The record of a chat; none where it was altered or cannot be opened any more."""

    async def save(self, record: Record, after: int | None, update: int = 0) -> Saved:
        """Keep `record` if the one there stands at turn `after` (None: if there is none), and remember `update`.

        Its `erase` are ids to add to the list, which meanwhile may have become shorter. All of it is on the disk when
        this returns. Raises `TooLargeError` of the seal where it does not fit.
        """

    async def shown(self, record: Record, erased: tuple[int, ...] = (), *, soon: bool = False) -> None:
        """Note what is on the screen and what was erased, if the chat still stands at this turn or a later one.

        With `soon` it need not be on the disk when this returns: losing it costs one more edit that changes nothing.
        The record's own `erase` are ids to add to the list.
        """

    async def drop(self, address: str, turn: int | None = None) -> None:
        """Forget a chat; with `turn`, only if it still stands there: it may have begun anew."""

    async def all(self) -> list[Record]:
        """Every record there is, for what must be done at a start and at a sweep."""

    async def sweep(self, today: date, now: int) -> None:
        """Forget what is past its time, turn the keys, and clear what a disk file still holds of it."""

    def seen(self) -> int:
        """The time of the last sweep, before this process too; 0 where there was none."""

    async def close(self) -> None:
        """Finish what is waiting, and leave nothing behind but records."""
