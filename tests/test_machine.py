"""Anybody doing anything, in any order: the engine holds, and every session survives its codec before every event."""

from __future__ import annotations

from harness import Talk
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from walk import PLACES

from bot.engine.event import Answered, Chose, Event, Expired, Left, Offered, Opened, Pressed, Started, Unsure
from bot.engine.screen import show
from bot.engine.session import DEPTH, PAGE, TRAIL, Session
from bot.engine.step import step
from bot.record import decode, encode

RUNTIME = Talk().runtime


class Person(RuleBasedStateMachine):
    """One person and everything they can do."""

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self.stamps = ["old.0"]
        self.keys = ["exit0"]

    def happen(self, event: Event) -> None:
        before = decode(encode(self.session)) if self.session else None
        assert before == self.session
        known = RUNTIME.pages.known(before.language if before else None, before.place if before else None)
        turn = step(RUNTIME.flows, before, event, known)
        again = step(RUNTIME.flows, before, event, known)
        assert turn == again  # pure
        assert before == self.session  # and nothing it was given is changed
        if before and turn.session:
            assert turn.session.turn == before.turn + 1 or isinstance(event, Started)
            assert turn.session.visit >= before.visit or isinstance(event, Started)
        self.session = turn.session
        if self.session:
            self.stamps.append(self.session.stamp)

    @rule(place=st.sampled_from(PLACES), later=st.sampled_from(["", "pressure_to_sign", "nothing"]))
    def start(self, place: str | None, later: str) -> None:
        self.happen(Started("n", None, place, later))

    @precondition(lambda self: self.session)
    @rule(data=st.data(), pressed=st.booleans())
    def choose(self, data: st.DataObject, *, pressed: bool) -> None:
        assert self.session
        screen = show(RUNTIME.flows, self.session, RUNTIME.pages.known(self.session.language, self.session.place))
        page = RUNTIME.pages.page(screen, self.session)
        button = data.draw(st.sampled_from([*page.buttons, *page.fixed]))
        self.keys.append(button.key)
        self.happen(Pressed(page.stamp, button.key) if pressed else Chose((button.key,)))

    @precondition(lambda self: self.session)
    @rule(data=st.data())
    def press_something_old(self, data: st.DataObject) -> None:
        stamp, key = data.draw(st.sampled_from(self.stamps)), data.draw(st.sampled_from(self.keys))
        self.happen(Pressed(stamp, key))

    @precondition(lambda self: self.session)
    @rule(keys=st.lists(st.text(max_size=12), max_size=4))
    def choose_anything(self, keys: list[str]) -> None:
        self.happen(Chose(tuple(keys)))

    @precondition(lambda self: self.session)
    @rule(text=st.text(max_size=120))
    def answer(self, text: str) -> None:
        self.happen(Answered(text.encode("utf-8", "replace").decode()))

    @precondition(lambda self: self.session)
    @rule(about=st.sampled_from(["flows", "places", "languages"]), ids=st.lists(st.sampled_from(["IE", "en", "menu"])))
    def be_offered(self, about: str, ids: list[str]) -> None:
        self.happen(Offered(about, tuple(ids)))

    @precondition(lambda self: self.session)
    @rule(event=st.sampled_from([Opened("urgent_danger"), Unsure(), Unsure("long"), Left(), Expired()]))
    def anything_else(self, event: Event) -> None:
        self.happen(event)

    @invariant()
    def stays_within_bounds(self) -> None:
        if self.session:
            assert 1 <= len(self.session.stack) <= DEPTH
            assert len({frame.flow for frame in self.session.stack}) == len(self.session.stack)
            assert len(self.session.trail) <= TRAIL
            assert len(self.session.offered) <= PAGE
            assert self.session.top.state in RUNTIME.flows[self.session.top.flow].states

    @invariant()
    def can_be_shown(self) -> None:
        if self.session:
            known = RUNTIME.pages.known(self.session.language, self.session.place)
            screen = show(RUNTIME.flows, self.session, known)
            assert screen == show(RUNTIME.flows, self.session, known)
            assert RUNTIME.pages.page(screen, self.session).passages


Person.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestPerson = Person.TestCase
