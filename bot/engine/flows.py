"""The flows of one edition of Waymark, and what the engine needs to know about them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from bot.engine import machine
from bot.engine.flow import Flow
from bot.engine.guard import Answers, View

ARRIVAL = "arrival"
MENU = "menu"
URGENT = "urgent_danger"


class Flows:
    """Every flow by id, with the machine of each built when it is first used."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self.by_id = dict(flows)
        self.still: dict[tuple[str, str], Any] = {}  # screens of states that look the same to everybody
        self._machines: dict[str, Any] = {}

    def __getitem__(self, flow: str) -> Flow:
        return self.by_id[flow]

    def __contains__(self, flow: str) -> bool:
        return flow in self.by_id

    def move(self, flow: str, state: str, key: str, view: View) -> str | None:
        """See `machine.move`."""
        built = self._machines.get(flow)
        if built is None:
            built = self._machines[flow] = machine.build(self.by_id[flow])
        return machine.move(built, state, key, view)


def _nothing(_name: str, _answers: Answers) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Known:
    """What was looked up before a turn: the guards that hold, and the ids each list has to offer.

    `offers` is keyed by the name of a list: ``law nda``, ``services crisis``, ``places``, ``languages``. A list that
    is not in it depends on what was answered: `asked` finds it, the same for the same answers.
    """

    holds: AbstractSet[str] = frozenset()
    offers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: Callable[[str, Answers], tuple[str, ...]] = _nothing

    def listed(self, name: str, answers: Answers) -> tuple[str, ...]:
        """The ids that the list `name` has to offer to somebody who gave these answers."""
        found = self.offers.get(name)
        return self.asked(name, answers) if found is None else found
