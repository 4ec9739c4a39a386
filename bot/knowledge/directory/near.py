"""Who is nearest: points on the earth under a tree of boxes, walked from a place outwards.

A point is a unit vector. Half the squared chord between two is the haversine of their angle times two, so chords
give the order of the haversine distances, without its cost and without seams at the poles or the date line.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt

Vector = tuple[float, float, float]

EARTH = 6_371.0088
"""Mean radius in km."""

FAN = 16
"""Points in a lowest box, and boxes in a higher one."""

_BITS = 16
"""Of each coordinate, in the order of points."""


def vector(lat: float, lon: float) -> Vector:
    """The point at a latitude and longitude in degrees."""
    north, east = radians(lat), radians(lon)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def middle(points: Sequence[Vector]) -> tuple[float, float]:
    """The latitude and longitude in degrees of the middle of some points."""
    x, y, z = (sum(point[axis] for point in points) for axis in range(3))
    return degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))


def chord(one: Vector, other: Vector) -> float:
    """The squared straight distance between two points."""
    x, y, z = one[0] - other[0], one[1] - other[1], one[2] - other[2]
    return x * x + y * y + z * z


def km(squared: float) -> float:
    """The length of the way over the earth that belongs to a squared chord."""
    return 2 * EARTH * asin(min(1.0, sqrt(squared) / 2))


def order(places: Sequence[tuple[float, float]]) -> list[int]:
    """The positions of latitudes and longitudes, sorted so that neighbours are mostly beside each other."""

    def curve(at: int) -> int:
        lat, lon = places[at]
        steps = (1 << _BITS) - 1
        return _apart(int((lat + 90) / 180 * steps)) << 1 | _apart(int((lon % 360) / 360 * steps))

    return sorted(range(len(places)), key=lambda at: (curve(at), at))


def _apart(number: int) -> int:
    """The binary digits of a number, with a gap after each."""
    return int(f"{number:b}", 4)


def boxes(points: array[float]) -> list[array[float]]:
    """The boxes around points, which lie flat, three numbers each: lowest first, up to a single one."""
    found: list[array[float]] = []
    corners = [(points[at : at + 3], points[at : at + 3]) for at in range(0, len(points), 3)]
    while corners and (not found or len(corners) > 1):
        groups = [corners[at : at + FAN] for at in range(0, len(corners), FAN)]
        corners = [
            (
                array("d", map(min, zip(*(low for low, _ in group), strict=True))),
                array("d", map(max, zip(*(high for _, high in group), strict=True))),
            )
            for group in groups
        ]
        found.append(array("d", (number for low, high in corners for number in (*low, *high))))
    return found


class Near:
    """Points with a rank each, which decides between two that are equally far."""

    def __init__(self, points: array[float], ranks: array[int], levels: Sequence[array[float]]) -> None:
        self._points, self._ranks, self._levels = points, ranks, levels

    def walk(self, bits: int, centre: Vector) -> Iterator[int]:
        """The ranks of the points whose bits are set, nearest first. A rank comes once for each of its points."""
        if not bits:
            return
        data = bits.to_bytes((len(self._ranks) + 7) // 8, "little")
        heap: list[tuple[float, int, int, int]] = [(0.0, -1, len(self._levels) - 1, 0)]
        while heap:
            _, rank, height, at = heappop(heap)
            if rank >= 0:
                yield rank
            elif height:
                for child in self._children(data, height - 1, at):
                    heappush(heap, (self._bound(height - 1, child, centre), -1, height - 1, child))
            else:
                for point in self._inside(data, at):
                    away = self._points[3 * point], self._points[3 * point + 1], self._points[3 * point + 2]
                    heappush(heap, (chord(away, centre), self._ranks[point], 0, point))

    def _children(self, data: bytes, height: int, parent: int) -> Iterable[int]:
        """The boxes inside a box in which a bit is set."""
        width = FAN ** (height + 1) // 8
        last = min((parent + 1) * FAN, len(self._levels[height]) // 6)
        parts = ((at, data[at * width : (at + 1) * width]) for at in range(parent * FAN, last))
        return (at for at, part in parts if part != bytes(len(part)))

    @staticmethod
    def _inside(data: bytes, box: int) -> Iterable[int]:
        word = int.from_bytes(data[box * FAN // 8 : (box + 1) * FAN // 8], "little")
        return (box * FAN + digit for digit in range(FAN) if word >> digit & 1)

    def _bound(self, height: int, box: int, centre: Vector) -> float:
        """The squared chord to the nearest corner, side or inner point of a box; never more than to a point in it."""
        total, corners = 0.0, self._levels[height][6 * box : 6 * box + 6]
        for axis, value in enumerate(centre):
            low, high = corners[axis], corners[axis + 3]
            gap = low - value if value < low else value - high if value > high else 0.0
            total += gap * gap
        return total
