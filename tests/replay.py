"""A transcript followed in another language: each step is taken there in its own words, wherever there are such."""

from __future__ import annotations

from collections.abc import Iterator

from harness import HERE, Talk

from bot.engine.event import Answered, Chose, Event, Left, Offered, Opened, Unsure
from bot.engine.flow import State
from bot.engine.flows import URGENT
from bot.engine.guard import Looked
from bot.engine.step import BACK, HELP, OVER, TO_MENU
from bot.language import words
from bot.language.understand import Understanding
from bot.ports import Incoming
from bot.script.combine import LANGUAGE

OWN = {BACK: words.BACK_WORDS, HELP: words.HELP_WORDS, TO_MENU: words.MENU_WORDS, OVER: words.OVER_WORDS}
"""What the program itself offers everywhere, and the words for it."""


class AnotherConversationError(Exception):
    """Here the conversation differs by language: there is no such step in the other."""


class Replay:
    """Two talks side by side: `one` as the transcript has it, `other` in another language."""

    def __init__(self, one: Talk, other: Talk, code: str) -> None:
        self.one, self.other = one, other
        self._code = code
        self._heard, self._there = _understanding(one), _understanding(other)

    async def turn(self, typed: str) -> str:
        """Type in the one, and do the same in the other; the choice that is not there, where there is none such."""
        try:
            await self._turn(typed)
        except AnotherConversationError as error:
            return str(error)
        return ""

    async def _turn(self, typed: str) -> None:
        if not (self.one.shown.pages and await self.one.store.load(HERE)):
            there = self._first(typed)
            await self.one.say(typed)
            await self.other.say(there)
            return
        if typed.startswith("/"):
            await self.one.say(typed)
            await self.other.say(typed)
            return
        session = await self.one.session()
        state = self.one.runtime.flows[session.top.flow].states[session.top.state]
        leaves = self.one.runtime.leaves(Incoming(HERE, text=typed))
        event = Left() if leaves else self._heard.event(typed, session, self.one.page)
        await self.one.say(typed)
        if isinstance(event, Chose):
            for key in event.keys:
                await self._choose(key, state)
        else:
            await self.other.say(await self._saying(event, typed))

    async def same_place(self) -> bool:
        """Whether both are at the same screen, or both are gone."""
        gone = await self.one.store.load(HERE) is None
        if gone or await self.other.store.load(HERE) is None:
            return gone and await self.other.store.load(HERE) is None and not self._left_unlike()
        return await self.one.where() == await self.other.where()

    def _left_unlike(self) -> bool:
        return len(self.one.shown.left) != len(self.other.shown.left)

    def _first(self, typed: str) -> str:
        """First words that are met in the same way."""
        if typed.startswith("/"):
            return typed
        distress = self._heard.distress(typed, None)
        if distress:
            return next(each for each in self._distress() if self._there.distress(each, self._code) == distress)
        meant = self._heard.flows_meant(typed, None)[:1]
        told = (each for flow in meant for each in self._told(flow))
        return next((each for each in told if self._there.flows_meant(each, self._code)[:1] == meant), typed)

    async def _choose(self, key: str, state: State) -> None:
        """Choose by the words on the button, as the one who reads them would type them."""
        page, session = self.other.page, await self.other.session()
        button = next((each for each in page.buttons if each.key == key), None)
        wanted = state.by_key.get(key)
        if button is None and wanted:
            here = self.other.runtime.flows[session.top.flow].states[session.top.state]
            alike = {each.key for each in here.choices if (each.label, each.target) == (wanted.label, wanted.target)}
            button = next((each for each in page.buttons if each.key in alike), None)
            if button is None:
                raise AnotherConversationError(wanted.label)
        if button is None and key in OWN:
            await self.other.say(await self._saying(Chose((key,)), ""))
        elif button is None or button.ticked is not None:
            await self.other.press_key(key, page.stamp)
        elif wanted and wanted.target.kind == "exit":
            await self.other.say(button.label)
        else:
            meant = self._there.event(button.label, session, page)
            assert meant == Chose((button.key,)), f"“{button.label}” is on a button, and typed it means {meant}"
            await self.other.say(button.label)

    async def _saying(self, event: Event, typed: str) -> str:
        """What means the same in the other language."""
        session, page = await self.other.session(), self.other.page
        for said in (*self._candidates(event), typed):
            leaves = self.other.runtime.leaves(Incoming(HERE, text=said))
            meant = Left() if leaves else self._there.event(said, session, page)
            if meant == event or (_names(event) and _names(event) == _names(meant)):
                return said
        raise AnotherConversationError(typed)

    def _candidates(self, event: Event) -> Iterator[str]:
        tongue, places = self.other.runtime.catalogs.tongue(self._code), self.other.runtime.knowledge.places
        if isinstance(event, Chose):
            yield from tongue.lines(OWN[event.keys[0]])
        elif isinstance(event, Left):
            yield from tongue.lines(words.EXIT_WORDS)
        elif isinstance(event, Answered):
            yield from (places.name(event.value, self._code), event.value) if places.knows(event.value) else ()
        elif isinstance(event, Offered):
            yield from self._offering(event)
        elif isinstance(event, Opened):
            yield from self._distress() if event.flow == URGENT else tongue.lines(words.KEEP_WORDS)
        elif isinstance(event, Unsure) and event.notice == "urgent":
            yield from self._distress()
        elif isinstance(event, Unsure) and event.notice == "not_here":
            yield from (said for flow in self.one.runtime.flows.by_id for said in self._told(flow))
        elif event == Unsure():
            yield "qzxw"

    def _offering(self, event: Offered) -> Iterator[str]:
        tongue, places = self.other.runtime.catalogs.tongue(self._code), self.other.runtime.knowledge.places
        if event.about == "flows":
            yield from (said for flow in event.ids for said in self._told(flow))
        elif event.about == "languages":
            yield from tongue.lines(words.LANGUAGE_WORDS)
        elif event.about == "places":
            yield from tongue.lines(words.PLACE_WORDS)
            yield from (places.name(each, self._code) for each in event.ids)

    def _told(self, flow: str) -> tuple[str, ...]:
        """What people type when they mean a conversation."""
        told = self.other.runtime.flows[flow]
        tongue = self.other.runtime.catalogs.tongue(self._code)
        return (*filter(None, tongue.say(told.phrases, flow).split("\n")), tongue.say(told.title, flow))

    def _distress(self) -> Iterator[str]:
        tongue = self.other.runtime.catalogs.tongue(self._code)
        for listed in (words.DANGER_PHRASES, words.DESPAIR_PHRASES):
            yield from tongue.lines(listed)


def _understanding(talk: Talk) -> Understanding:
    return Understanding(talk.runtime.flows, talk.runtime.catalogs, talk.runtime.finder)


def _names(event: Event) -> str:
    """The conversation that is offered first."""
    return event.ids[0] if isinstance(event, Offered) and event.about == "flows" and event.ids else ""


def differs(talk: Talk, flow: str, state: str) -> bool:
    """Whether something on a screen depends on the language."""
    guards = talk.runtime.flows[flow].states[state].guards
    return any(isinstance(term, Looked) and term.name.startswith(LANGUAGE) for guard in guards for term in guard)
