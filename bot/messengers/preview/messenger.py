"""The messenger of the preview: it keeps the one page there is, for whoever draws it."""

from __future__ import annotations

from bot.ports import Capabilities, Page, Record

ADDRESS = "preview"


class Preview:
    """A `Messenger` with one chat. `left` is what leaving left behind: a dull line, or the empty string.

    Whether it is `able` to keep a place and to send screens anew is for the person at the desk to say: messengers
    differ in that, and the conversations with them.
    """

    def __init__(self) -> None:
        self.page: Page | None = None
        self.left: str | None = None
        self.able = True

    @property
    def capabilities(self) -> Capabilities:
        """See `Messenger.capabilities`: nothing of it leaves this machine."""
        return Capabilities(
            "preview",
            edits=True,
            erases_ours=True,
            erases_theirs=True,
            buttons=True,
            end_to_end="local",
            resends=self.able,
            keeps=self.able,
        )

    async def show(self, record: Record, page: Page, /, *, anew: bool = True) -> Record:
        """See `Messenger.show`."""
        del anew
        self.page, self.left = page, None
        return record._replace(shown=record.turn, screen=1)

    async def erase(self, record: Record, /) -> tuple[int, ...]:
        """See `Messenger.erase`: what was typed is not shown in the first place."""
        return record.erase

    async def leave(self, record: Record, /) -> None:
        """See `Messenger.leave`."""
        self.page, self.left = None, record.dull

    async def pressed(self, press: str, /) -> None:
        """See `Messenger.pressed`: the page that follows says it."""
