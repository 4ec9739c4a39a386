"""`make bench`: what exists so far, in one run."""

from __future__ import annotations

from bench import engine, start
from bench.report import show

for measurement in (engine.report, start.start, start.sessions):
    show(measurement())
