"""The request, decoded: every combination of answers comes to its reading, and says just what was told."""

from __future__ import annotations

from collections.abc import Iterator

from harness import shipped

from bot.engine.event import Chose, Started
from bot.engine.flow import Paragraph
from bot.engine.flows import Known
from bot.engine.screen import Screen, show
from bot.engine.session import Session
from bot.engine.step import step

FLOWS = shipped()
FLOW = "asked_to_mediate"
KNOWN = Known(frozenset(f"flow {name}" for name in FLOWS.by_id))
QUESTIONS = ("wants", "who", "ordered", "mediator", "venue", "deadline", "sign")

READING = {
    ("wants", "distance"): "You want to be left alone.",
    ("wants", "heard"): "You want to be heard, or an apology.",
    ("wants", "repair"): "You want something put right.",
    ("wants", "unsure"): "You are not sure what you want.",
    ("ordered", "court"): "A court asks for it",
    ("ordered", "contract"): "A contract or a rule asks for it",
    ("ordered", "free"): "Nobody orders it, as far as you know.",
    ("ordered", "unknown"): "I do not know if anyone orders it.",
}
SIGNS = {
    ("who", "person"): "They ask you themselves.",
    ("who", "theirs"): "Their friends ask.",
    ("mediator", "theirs"): "Their side picks who leads.",
    ("venue", "theirs"): "Their side picks the place.",
    ("deadline", "now"): "The day is very near.",
    ("sign", "before"): "You would sign first",
    ("sign", "after"): "You would sign at the end",
}
NONE = "Nothing you told me is on my list of pressure signs."
REPLIES = ("reply_no", "reply_later", "reply_through", "reply_if", "reply_changed")


def begun() -> Session:
    """Somebody at the first question."""
    session = step(FLOWS, None, Started("nonce", "en", None), KNOWN).session
    assert session
    for label in ("I know how this works", "Someone wants me to mediate", "Someone has asked me"):
        session = choose(session, label)
    return session


def choose(session: Session, label: str) -> Session:
    screen = show(FLOWS, session, KNOWN)
    key = next(choice.key for choice in screen.choices if choice.label == label)
    after = step(FLOWS, session, Chose((key,)), KNOWN).session
    assert after
    return after


def answered(session: Session) -> Iterator[Session]:
    """Every way through the questions, up to the one about danger."""
    if session.top.state == "any_of_these":
        yield session
        return
    assert session.top.state in {*QUESTIONS, "who_else"}
    for choice in show(FLOWS, session, KNOWN).choices:
        yield from answered(choose(session, choice.label))


def said(screen: Screen) -> list[str]:
    return [part.text for part in screen.said if isinstance(part, Paragraph)]


def begin(lines: list[str], wanted: dict[tuple[str, str], str]) -> set[tuple[str, str]]:
    """Which lines of a table are said."""
    return {answer for answer, line in wanted.items() if any(text.startswith(line) for text in lines)}


def test_every_combination_of_answers_comes_to_its_reading() -> None:
    seen = set()
    for session in answered(begun()):
        told = {(key, session.top.answers[key][0]) for key in QUESTIONS}
        seen.add(frozenset(told))
        read = choose(session, "No")
        assert read.top.state == "reading"
        assert begin(said(show(FLOWS, read, KNOWN)), READING) == told & set(READING)
        signs = choose(read, "Go on")
        lines = said(show(FLOWS, signs, KNOWN))
        assert begin(lines, SIGNS) == told & set(SIGNS)
        assert any(line.startswith(NONE) for line in lines) is not bool(told & set(SIGNS))
    assert len(seen) == 4 * 5 * 4 * 4 * 4 * 4 * 4  # wants, who, ordered, mediator, venue, deadline, sign


def test_danger_leads_to_an_advocate_and_nothing_of_it_is_kept() -> None:
    session = next(answered(begun()))
    for label, state in (("Yes, or maybe", "advocate"), ("No", "reading"), ("Skip", "reading")):
        after = choose(session, label)
        assert after.top.state == state
        assert after.top.answers == session.top.answers


def test_three_replies_and_a_changed_mind_are_words_of_their_own_for_every_answer() -> None:
    """None of them agrees to anything, names a feeling, or speaks of what happened."""
    states = FLOWS[FLOW].states
    for name in REPLIES:
        quoted = [part.text for part in states[name].said if isinstance(part, Paragraph) and part.quoted]
        assert any(not part.when for part in states[name].said if isinstance(part, Paragraph) and part.quoted)
        assert not [text for text in quoted if "{answer." in text]
        assert not [text for text in quoted for word in (" hurt", "abuse", "harm", "afraid", "lie") if word in text]
    assert {"reply_no", "reply_later", "through"} <= {choice.target.state for choice in states["which"].choices}
    assert all(
        "change" in {choice.target.state for choice in states[name].choices}
        for name in ("reply_no", "reply_later", "reply_through")
    )
