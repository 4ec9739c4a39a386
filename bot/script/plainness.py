"""How hard a conversation is to read, by a known formula (rules R18 and R19)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.engine.flow import Paragraph, State
from bot.plain import fold
from bot.script import form
from bot.script.diagnostic import Report
from bot.script.paths import Source
from bot.script.wording import sentences

AGE, WORDS = 11, 15
"""The reading age in years of a screen, and the average of words in a sentence of a conversation, at most."""

ENOUGH = 20
"""The formula says nothing about texts of fewer words."""

_SCHOOL_BEGINS = 5
"""Years of age at grade 0 of the Automated Readability Index."""

Grade = Callable[[str], float]


def grade() -> Grade | None:
    """The Automated Readability Index of a text; None where `textstat`, a tool for writers, is not installed.

    It counts letters, words and sentences: unlike formulas with syllables it needs no dictionary, which `textstat`
    would fetch from the net.
    """
    try:
        import textstat  # noqa: PLC0415 - only who writes needs it, and it takes longer to load than we do
    except ModuleNotFoundError:
        return None
    measure: Grade = textstat.automated_readability_index
    return measure


def check_plainness(sources: Mapping[str, Source], measure: Grade, report: Report) -> None:
    """Every screen can be read at the age of eleven; a conversation has fifteen words a sentence on average."""
    for source in sources.values():
        lengths = [len(sentence.split()) for state in source.flow.states.values() for sentence in _prose(state)]
        if lengths and sum(lengths) / len(lengths) > WORDS:
            average = sum(lengths) / len(lengths)
            report.say("W314", source.path, 0, f"{average:.1f} words a sentence on average, {WORDS} at most")
        for state in source.flow.states.values():
            age = age_of(state, measure)
            if age and age > AGE:
                report.say(
                    "W314", source.path, state.line, f"`{state.id}` reads at the age of {age:.1f}, {AGE} at most"
                )


def age_of(state: State, measure: Grade) -> float | None:
    """The age in years at which the English of a state can be read; None where it says too little to tell."""
    text = " ".join(_prose(state))
    return measure(text) + _SCHOOL_BEGINS if len(text.split()) >= ENOUGH else None


def _prose(state: State) -> list[str]:
    """Every sentence a state says, as it will be seen."""
    said = [form.PLACEHOLDER.sub("", part.text) for part in state.said if isinstance(part, Paragraph)]
    # A line such as "My limits:" stands alone, although no full stop ends it.
    return [sentence.rstrip(":.") + "." for text in said for sentence in sentences(text) if fold(sentence)]
