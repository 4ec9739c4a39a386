"""Which conversation somebody means: their words beside the example phrases of each, by rules and nothing learnt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from math import log

from bot.plain import slips

_SHORT = 2
"""Words of so many letters say nothing about a subject: "i", "to", "me"."""

_ARTICLE = re.compile(
    "^(?:[\u0648\u0641]?(?:[\u0628\u0643]?\u0627\u0644|\u0644\u0644|\u0639\u0627\u0644)"
    "|[\u0648\u0641\u0628\u0644\u062d\u0647])(?=[\u0620-\u064a]{3})"
)
"""What Arabic writes together with the next word: and, so, with, to, on, the; in dialects also will and is."""

_SOME, _MORE = (4, 2), (5, 4)
"""Two words begin alike that share so many letters, and of which no more are left: most languages change endings."""

_ENDING = 3
"""Before so many last letters a slip is forgiven, and after it another ending."""

_HALF, _TWO = 0.5, 2
"""A phrase may be meant of which half is said, if that is two words. Words that few conversations have weigh more."""

_SAID, _BEGUN, _PART, _APART = range(4)
"""How a conversation was named: in a phrase's words but for slips, in words that begin like them, in part of a phrase,
in words of several of its phrases. The nearest counts."""

_ARABIC_VERB = re.compile("^[\u0627\u064a\u062a\u0646\u0628\u0645](?=[\u0620-\u064a]{3})")
"""Who does something stands before an Arabic verb, in one letter."""


_Words = frozenset[str]
_Heard = Mapping[str, _Words]


class Telling:
    """The example phrases of the conversations that are whole in one language."""

    def __init__(self, phrases: Mapping[str, Iterable[str]], small: Iterable[str]) -> None:
        """Of the folded phrases of each conversation, and the folded small words of the language."""
        self._small = frozenset(small)
        self._told = {name: [told for each in said if (told := self._words(each))] for name, said in phrases.items()}
        owners: dict[str, set[str]] = {}
        for name, all_told in self._told.items():
            for word in frozenset().union(*all_told):
                owners.setdefault(word, set()).add(name)
        self._weight = {word: log(1 + len(self._told) / len(names)) for word, names in owners.items()}

    def meant(self, typed: str, most: int) -> tuple[str, ...]:
        """Ids of the conversations that folded `typed` may mean, the nearest first."""
        said = self._words(typed)
        slipped = {word: _among(said, word, _is_slip) for word in self._weight}
        begun = {word: slipped[word] | _among(said, word, _begin_alike) for word in self._weight}
        found: dict[str, tuple[int, float]] = {}
        for name, phrases in self._told.items():
            ranks = (self._rank(said, told, slipped, begun) for told in phrases)
            near = [rank for rank in ranks if rank] or self._apart(said, phrases, begun)
            if near:
                found[name] = min(near)
        best = min((how for how, _ in found.values()), default=_APART)
        nearest = [name for name, (how, _) in found.items() if how == best]
        return tuple(sorted(nearest, key=lambda name: (found[name], name))[:most])

    def _rank(self, said: _Words, told: _Words, slipped: _Heard, begun: _Heard) -> tuple[int, float] | None:
        """How a phrase was said, and how far it is from what was said; None where it was not."""
        for how, heard in ((_SAID, slipped), (_BEGUN, begun)):
            shared = sum(1 for word in told if heard[word])
            used = len(frozenset[str]().union(*(heard[word] for word in told)))
            if shared and (shared == len(told) or used == len(said)):
                return how, len(told) - shared + len(said) - used
        heard_of = [word for word in told if begun[word]]
        if len(heard_of) < _TWO:
            return None
        part = sum(self._weight[word] for word in heard_of) / sum(self._weight[word] for word in told)
        return (_PART, -part) if part >= _HALF else None

    def _apart(self, said: _Words, phrases: Iterable[_Words], begun: _Heard) -> list[tuple[int, float]]:
        """Words of several phrases: two of them, that are half of what was said."""
        told = frozenset[str]().union(*phrases)
        heard = frozenset[str]().union(*(begun[word] for word in told))
        if len(heard) < _TWO or len(heard) < _HALF * len(said):
            return []
        return [(_APART, -sum(max(self._weight[word] for word in told if each in begun[word]) for each in heard))]

    def _words(self, folded: str) -> frozenset[str]:
        """The words of a folded text that say what it is about."""
        bare = (_ARTICLE.sub("", word) for word in folded.split() if word not in self._small)
        return frozenset(word for word in bare if len(word) > _SHORT and word not in self._small)


def _among(said: _Words, word: str, alike: Callable[[str, str], bool]) -> _Words:
    return frozenset(each for each in said if alike(each, word))


def _is_slip(said: str, word: str) -> bool:
    return (slips(said, word) or 0) <= 1 and slips(said, word) is not None


def _begin_alike(said: str, word: str) -> bool:
    """Whether two folded words may be one but for two slips, how they end, and in Arabic who does it."""
    if _ends_apart(said, word) or slips(said, word) is not None:
        return True
    one, other = _ARABIC_VERB.sub("", said), _ARABIC_VERB.sub("", word)
    return (one, other) != (said, word) and (_is_slip(one, other) or _ends_apart(one, other))


def _ends_apart(said: str, word: str) -> bool:
    pairs = enumerate(zip(said, word, strict=False))
    shared = next((at for at, (one, other) in pairs if one != other), min(len(said), len(word)))
    longest, shortest = max(len(said), len(word)), min(len(said), len(word))
    if any(shared >= least and longest - shared <= most for least, most in (_SOME, _MORE)):
        return True
    stem = shortest - _ENDING
    return stem > _ENDING and longest - stem <= _MORE[1] and _is_slip(said[:stem], word[:stem])
