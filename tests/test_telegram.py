"""Telegram, with the real process against the strict fake: one screen, sealed, and left at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest
import sample_updates as samples
from at_telegram import START
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from real_bot import RealBot, begun, undisturbed

CHATS = count(1001)


@pytest.fixture(scope="module", params=["polling", "webhook"])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBot]:
    """One process for all that is here, once asking for updates and once having them brought."""
    webhook = request.param == "webhook"
    with FakeTelegram() as fake, RealBot(fake, tmp_path_factory.mktemp("bot"), webhook=webhook) as running:
        yield running
        assert running.stop() == 0
        assert "Traceback" not in running.said()
        assert "fault" not in running.said()


@pytest.fixture
def bot(shared: RealBot) -> Iterator[RealBot]:
    """The bot, which runs before each test and after it."""
    with undisturbed(shared) as running:
        yield running


@pytest.fixture
def telegram(bot: RealBot) -> FakeTelegram:
    """Where it is."""
    return bot.telegram


def has_button(person: Person, label: str) -> bool:
    return any(text == label for row in person.screen.buttons for text, _ in row)


def press(telegram: FakeTelegram, person: Person, button: str, then: str) -> None:
    person.press(button)
    telegram.wait(lambda: person.shows(then))


def somebody(telegram: FakeTelegram) -> Person:
    """Somebody who was never here."""
    return telegram.person(next(CHATS))


def arrive(telegram: FakeTelegram) -> Person:
    """Somebody at the list of conversations."""
    person = begun(telegram, next(CHATS))
    press(telegram, person, "3. I know how this works", "What would you like?")
    return person


def test_one_screen_and_what_is_typed_is_deleted(telegram: FakeTelegram) -> None:
    person = arrive(telegram)
    screen = person.screen.id
    for typed, then in (
        ("2", "a paper that asks you to stay silent"),
        ("1", "Who sent you"),
        ("a lawyer", "a last day"),
        ("nonsense", "so I missed that"),
    ):
        person.type(typed)
        telegram.wait(partial(person.shows, then))
    assert person.screen.id == screen
    assert len(telegram.calls_of("sendMessage")) == 1
    assert telegram.calls_of("sendMessage")[0].params["disable_notification"] is True


def test_buttons_have_words_and_the_fixed_row_is_everywhere(telegram: FakeTelegram) -> None:
    person = somebody(telegram)
    person.type("hello")
    telegram.wait(lambda: person.shows(START))
    rows = [[text for text, _ in row] for row in person.screen.buttons]
    choices = [["1. Yes"], ["2. Not sure"], ["3. I know how this works"], ["4. I use a screen reader"]]
    languages = ["English", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629", "espa\u00f1ol", "fran\u00e7ais"]
    languages.append("\u0443\u043a\u0440\u0430\u0457\u043d\u0441\u044c\u043a\u0430")
    named = [[f"{number}. {name}"] for number, name in enumerate(languages, 5)]
    assert rows == [*choices, *named, ["Leave now", "Back", "Help now"]]
    assert all(len(data.encode()) <= 32 for row in person.screen.buttons for _, data in row)


def test_a_checklist_counts_every_tap_and_the_card_is_there_to_copy(telegram: FakeTelegram) -> None:
    person = arrive(telegram)
    for button, then in (
        ("2. I'm asked to sign something", "a paper that asks"),
        ("1. I have not signed", "Who sent you"),
        ("2. A lawyer", "a last day"),
        ("1. Today or tomorrow", "One hard question"),
        ("3. Skip", "Which of these does the paper"),
    ):
        press(telegram, person, button, then)
    for item in ("[ ] 1. Stay silent about it", "[ ] 3. Pay money if I speak"):
        person.press(item)
        telegram.wait(partial(has_button, person, item.replace("[ ]", "[x]")))
    for button, then in (
        ("7. Done", "what the words mean"),
        ("1. Go on", "what it may cost"),
        ("1. Go on", "two views"),
        ("2. What others ask first", "My questions"),
    ):
        press(telegram, person, button, then)
    kinds = {entity["type"] for entity in person.screen.entities}
    assert kinds == {"pre"}
    assert "What would I have to pay" in person.screen.text


@pytest.mark.parametrize("word", ["exit", "/x", "/exit", "Leave now"])
def test_leaving_empties_the_chat_and_forgets(telegram: FakeTelegram, word: str) -> None:
    person = arrive(telegram)
    if word == "Leave now":
        person.press(word)
    else:
        person.type(word)
    telegram.wait(lambda: person.messages == [] and telegram.calls_of("deleteMessage"))
    person.type("/start")
    telegram.wait(lambda: person.shows(START))
    stranger = somebody(telegram)
    stranger.type("/start")
    telegram.wait(lambda: stranger.shows(START))
    assert person.screen.text == stranger.screen.text
    assert [[text for text, _ in row] for row in person.screen.buttons] == [
        [text for text, _ in row] for row in stranger.screen.buttons
    ]


def test_leaving_can_leave_one_dull_line(telegram: FakeTelegram) -> None:
    person = arrive(telegram)
    for button, then in (
        ("4. Other things", "Here is more"),
        ("4. Show me others", "the rest of the list"),
        ("3. Settings, and about", "Here you can change"),
        ("2. The screen, and leaving", "what the screen does"),
        ("2. How I leave, and how long", "When you leave"),
        ("2. Leave one dull line", "How long may it stay"),
        ("3. Skip", "can be hard to read"),
        ("1. I was harmed", "What would you like?"),
    ):
        press(telegram, person, button, then)
    person.type("exit")
    telegram.wait(lambda: [message.text for message in person.messages] == ["Nothing new."])
    assert person.screen.buttons == []
    person.type("/start")
    telegram.wait(lambda: START in person.screen.text)


def test_a_session_lives_through_a_stop_and_a_start(telegram: FakeTelegram, bot: RealBot) -> None:
    person = arrive(telegram)
    assert bot.stop() == 0
    person.type("2")
    bot.start()
    telegram.wait(lambda: person.shows("a paper that asks"))


def test_what_is_late_is_deleted_and_not_answered_and_an_exit_word_still_leaves(
    telegram: FakeTelegram, bot: RealBot
) -> None:
    person, other = arrive(telegram), arrive(telegram)
    assert bot.stop() == 0
    telegram.skew = -300
    person.type("1")
    other.type("exit")
    telegram.skew = 0
    telegram.calls.clear()
    bot.start()
    telegram.wait(lambda: person.shows("What would you like?") and other.messages == [])
    assert not [call for call in telegram.calls_of("editMessageText") if call.params["chat_id"] == person.id]


def test_updates_delivered_again_count_once(telegram: FakeTelegram) -> None:
    """F1."""
    person = arrive(telegram)
    press(telegram, person, "2. I'm asked to sign something", "a paper that asks")
    press(telegram, person, "1. I have not signed", "Who sent you")
    telegram.redeliver(2)
    marker = somebody(telegram)
    marker.type("/start")
    telegram.wait(lambda: marker.shows(START))
    assert person.shows("Who sent you")
    person.type("exit")
    telegram.wait(lambda: person.messages == [])
    telegram.redeliver(6)
    arrive(telegram)
    assert person.messages == []


def test_old_buttons_of_another_session_do_nothing_but_show_where_one_is(telegram: FakeTelegram) -> None:
    """F3, F4."""
    person = arrive(telegram)
    old = next(data for row in person.screen.buttons for text, data in row if text.startswith("1."))
    press(telegram, person, "2. I'm asked to sign something", "a paper that asks")
    person.forge(old, person.screen.id)
    telegram.wait(lambda: person.shows("from an earlier screen"))
    person.forge("rubbish", person.screen.id)
    person.forge("\u00e9" * 30, person.screen.id)
    person.type("back")
    telegram.wait(lambda: person.shows("What would you like?"))


def test_only_private_chats_and_only_text(telegram: FakeTelegram) -> None:
    """F5, F6, F7, F29."""
    person = arrive(telegram)
    person.group_message("/start")
    telegram.wait(lambda: telegram.calls_of("leaveChat"))
    person.send({"photo": [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]})
    telegram.wait(lambda: person.shows("I can only read text"))
    assert not telegram.calls_of("getFile")
    telegram.push({
        "edited_message": {
            "message_id": 77, "date": int(telegram.clock()), "edit_date": int(telegram.clock()), "text": "exit",
            "chat": {"id": person.id, "type": "private"}, "from": {"id": person.id, "is_bot": False},
        },
    })  # fmt: skip
    person.type("2")
    telegram.wait(lambda: person.shows("a paper that asks"))
    telegram.push('{"update_id": UPDATE_ID, "message": {"text": 7}}')
    telegram.push({"nothing": {"we": "know"}})
    person.type("1")
    telegram.wait(lambda: person.shows("Who sent you"))


def test_nothing_but_text_of_theirs_is_read_and_all_of_it_is_deleted(telegram: FakeTelegram) -> None:
    """F7: one neutral line, and nothing is downloaded."""
    person = arrive(telegram)
    for name, content in samples.CONTENTS.items():
        if name != "dice":  # Telegram deletes none before the day is over
            person.send(content)
            telegram.wait(lambda: person.shows("I can only read text"))
    assert not [call for call in telegram.calls if call.method in {"getFile", "forwardMessage", "copyMessage"}]
    assert len(telegram.calls_of("sendMessage")) == 1
    person.type("2")
    telegram.wait(lambda: person.shows("a paper that asks"))


@pytest.mark.parametrize("name", samples.NOTICES)
def test_a_line_of_telegrams_own_is_deleted_and_begins_nothing(telegram: FakeTelegram, name: str) -> None:
    """F7: somebody set a timer in an empty chat, and has said nothing."""
    person = somebody(telegram)
    person.send(samples.NOTICES[name])
    telegram.wait(lambda: person.messages == [] and telegram.calls_of("deleteMessage"))
    assert not telegram.calls_of("sendMessage")


def test_a_text_of_any_length_is_answered_kindly_and_deleted(telegram: FakeTelegram) -> None:
    """F8."""
    person = arrive(telegram)
    for text, then in (
        ("\U0001f600", "so I missed that"),
        ("\U0001f600" * 4_096, "a lot to carry"),
        ("\U0001f600", "so I missed that"),
        ("\U0001f600" * 4_097, "a lot to carry"),
        ("\U0001f600", "so I missed that"),
        ("q" * 100_000, "a lot to carry"),
    ):
        person.type(text)
        telegram.wait(partial(person.shows, then))


def test_marks_of_a_language_for_pages_are_not_said_back(telegram: FakeTelegram) -> None:
    """F10."""
    person = arrive(telegram)
    for payload in (
        "<b>quetzal</b>",
        "<script>quetzal</script>",
        "*quetzal*",
        "[quetzal](tg://user?id=1)",
        "{quetzal}",
    ):
        person.type(payload)
        telegram.wait(lambda: person.shows("so I missed that"))
    said = [call.params for call in telegram.calls if call.method in {"sendMessage", "editMessageText"}]
    assert len(said) > 3
    assert not [params for params in said if "parse_mode" in params or "quetzal" in str(params)]


def test_what_no_button_of_theirs_carries_does_nothing(telegram: FakeTelegram) -> None:
    """F4: rubbish, a button cut or with a bit turned, and a button of somebody else."""
    person, other = arrive(telegram), arrive(telegram)
    chance = random.Random(20261120)
    own = next(data for row in person.screen.buttons for text, data in row if text.startswith("2."))
    theirs = next(data for row in other.screen.buttons for text, data in row if text.startswith("2."))
    turned = [own[:at] + chr(ord(own[at]) ^ 1) + own[at + 1 :] for at in range(0, len(own), 4)]
    rubbish = [chance.randbytes(length).decode("latin-1") for length in (0, 1, 20, 64)]
    for data in (theirs, own[:-1], own[1:], own + "x", "|", f"{own}|exi", *turned, *rubbish):
        person.forge(data, person.screen.id)
    person.type("back")
    telegram.wait(lambda: not telegram.state.pending and person.shows("What would you like?"))
    assert other.shows("What would you like?")


def test_half_characters_and_direction_marks_are_read_all_the_same(telegram: FakeTelegram) -> None:
    """F9."""
    person = arrive(telegram)
    for number, text in enumerate((r"2\ud83d", r"\udc00", r"\u202e2", r"\ud83d\ude00")):
        message = f'"message_id": {5000 + number}, "date": {int(telegram.clock())}, "text": "{text}"'
        who = f'"chat": {{"id": {person.id}, "type": "private"}}, "from": {{"id": {person.id}, "is_bot": false}}'
        telegram.push(f'{{"update_id": UPDATE_ID, "message": {{{message}, {who}}}}}')
    telegram.wait(lambda: "a paper that asks" in person.screen.text or "so I missed that" in person.screen.text)


def test_being_blocked_forgets_at_once(telegram: FakeTelegram) -> None:
    """F17."""
    person = arrive(telegram)
    press(telegram, person, "2. I'm asked to sign something", "a paper that asks")
    person.block()
    person.unblock()
    person.type("hello")
    telegram.wait(lambda: START in person.screen.text)


def test_privacy_says_what_telegram_is(telegram: FakeTelegram) -> None:
    person = arrive(telegram)
    person.type("/privacy")
    telegram.wait(lambda: person.shows("not end-to-end encrypted"))
    assert "A small office, Ireland" in person.screen.text
    person.type("/whatyouknow")
    telegram.wait(lambda: person.shows("after 15 minutes"))


@pytest.mark.parametrize("first", ["message", "press"])
def test_a_message_and_a_press_at_once_are_taken_one_after_the_other(
    telegram: FakeTelegram, bot: RealBot, first: str
) -> None:
    """F2: a press of a screen that is gone does nothing; what is typed answers the screen that stands there."""
    hooked, paper, signed = bool(bot.port), "a paper that asks", "This is for afterwards"
    ends = {paper, signed} if hooked else {paper if first == "message" else signed}
    people = [arrive(telegram) for _ in range(5)]
    for person in people:
        with telegram.changes.lock:
            if first == "message":
                person.type("2")
            person.press("2. I'm asked to sign something")
            if first == "press":
                person.type("2")
        telegram.wait(lambda: not telegram.state.pending)
        telegram.wait(lambda person=person: any(person.shows(end) for end in ends))  # type: ignore[misc]
        if hooked:
            queues = {attempt.queue for attempt in telegram.deliveries.attempts}
            assert {person.id, person.id + (3 << 33)} <= queues
    later = arrive(telegram)
    assert later.shows("What would you like?")
    assert all(any(person.shows(end) for end in ends) for person in people)
