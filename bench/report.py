"""Measurements side by side: interleaved, with median and range, as ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")
ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One contender in one measurement; without values it was not measured."""

    title: str
    name: str
    values: tuple[float, ...]
    base: float

    def __str__(self) -> str:
        if not self.values:
            return f"  {self.name:<34}{'*not measured*':>14}"
        low, high = min(self.values), max(self.values)
        middle = median(self.values)
        return f"  {self.name:<34}{middle:>14,.1f}  ({low:,.1f} to {high:,.1f})  {middle / self.base:>6.2f} x"


def rates(title: str, contenders: Mapping[str, T], measure: Callable[[T], float], against: str) -> list[Row]:
    """Every contender measured in turn, round after round."""
    values: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, contender in contenders.items():
            values[name].append(measure(contender))
    base = median(values[against])
    return [Row(title, name, tuple(each), base) for name, each in values.items()]


def show(rows: list[Row]) -> None:
    """Print rows under their title."""
    print(f"\n{rows[0].title} (median of {len(rows[0].values)}, range, ratio)")
    for row in rows:
        print(row)
