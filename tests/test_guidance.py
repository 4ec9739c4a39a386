"""Every item of guidance is said to somebody, by a way that people can take; nobody is led to what is for others."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from harness import Talk, shipped

from bot import settings
from bot.cli import main
from bot.coverage import Delivery, deliveries
from bot.engine.flows import ARRIVAL, MENU
from bot.engine.moves import welcomes
from bot.knowledge.knowledge import read_knowledge
from bot.script.audience import ROLES, is_for, paths
from bot.script.diagnostic import Report
from bot.script.load import load

KNOWLEDGE, _ = read_knowledge(settings.content_folder())
SOURCES = load(settings.flows_folder(), Report())
FOUND = deliveries(SOURCES, KNOWLEDGE)

TO_THE_LAST_QUESTION = ("Yes", "Go on", "Go on", "Skip", "Go on", "Skip", "Skip")
WHO = {
    "survivor": ("I was harmed",),
    "helper": ("I am helping", "I support someone"),
    "facilitator": ("I am helping", "I lead talks after harm"),
    "called_out": ("I was called out",),
    "under_18": ("Under eighteen, or other", "I am under eighteen"),
    "unsaid": ("Under eighteen, or other", "Rather not say"),
}


async def arrived(role: str, place: str | None = None) -> Talk:
    """Somebody with `role`, before the list of conversations."""
    talk = await Talk(place=place).say("/start")
    for label in (*TO_THE_LAST_QUESTION, *WHO[role]):
        await talk.press(label)
    assert await talk.where() == (MENU, "start")
    return talk


def test_there_are_117_items_and_each_is_accounted_for() -> None:
    done = CliRunner().invoke(main, ["check", "--coverage"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "117 of 117"
    assert len(done.output.splitlines()) == 117 + 1 + 1  # and one is withheld from some


def test_only_what_could_be_turned_against_anger_is_withheld() -> None:
    assert [item.id for item in KNOWLEDGE.guidance if item.withheld] == ["S3-39"]
    assert FOUND["S3-39"].role == "facilitator"


@pytest.mark.parametrize(("item", "delivery"), FOUND.items(), ids=list(FOUND))
async def test_the_way_to_an_item_can_be_taken(item: str, delivery: Delivery) -> None:
    talk = await arrived(delivery.role, "US-CA")
    for label in delivery.way:
        for _ in range(9):
            if label in {button.label for button in talk.page.buttons}:
                break
            await talk.say("more")
        await talk.press(label)
    assert await talk.where() == delivery.spot
    if delivery.entry:
        name, pages = KNOWLEDGE.readings[delivery.entry].name, 1
        while name not in " ".join(talk.text.split()) and pages < 9:
            await talk.say("more")
            pages += 1
        assert name in " ".join(talk.text.split()), item


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_led_to_what_is_for_others(role: str) -> None:
    for flow, _ in paths(role, SOURCES):
        assert is_for(role, SOURCES[flow].flow), flow


def test_people_under_eighteen_are_led_to_lines_and_urgent_help_only() -> None:
    led = {flow for flow, _ in paths("under_18", SOURCES)}
    assert led == {MENU, ARRIVAL, "about", "urgent_danger"}


@pytest.mark.parametrize("role", ["survivor", "under_18", "called_out"])
def test_what_somebody_types_opens_nothing_that_is_for_others(role: str) -> None:
    for flow in shipped().by_id.values():
        if welcomes(flow, {"role": (role,)}):
            assert is_for(role, flow), flow.id


def test_somebody_called_out_comes_to_no_words_for_the_person_who_was_harmed() -> None:
    led = {flow for flow, _ in paths("called_out", SOURCES)}
    assert led == {MENU, ARRIVAL, "about", "urgent_danger", "called_out", "library"}
