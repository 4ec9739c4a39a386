"""A service as it is shown: who, why, how to reach them, what to beware of, and when that was last checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, time
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from babel.dates import format_time, get_day_names
from babel.units import format_unit

from bot.knowledge.directory.hours import MIDNIGHT, Opening, always, opening
from bot.knowledge.directory.listing import Listing, Phone
from bot.knowledge.directory.near import chord, vector
from bot.knowledge.finding import Reasons
from bot.knowledge.places import ANYWHERE
from bot.language import service_words as words
from bot.language.direction import END_ISOLATE, ISOLATE
from bot.language.tongue import Tongue
from bot.ports import Passage, Span

SERVICES = "services"
"""The `msgctxt` of the texts of shipped services. An operator's own are in no catalog, and shown as they are."""

MILE = 1.609344
"""Kilometres."""

IN_MILES = frozenset({"GB", "US"})
"""Countries whose road signs give miles (CLDR, measurement systems UK and US)."""

_FIELD = re.compile(r"\{(\w+)\}")
_CALLED = {
    "voice": words.PHONE,
    "tty": words.TTY,
    "whatsapp": words.WHATSAPP,
    "text": words.TEXT_ONLY,
}


def card(  # noqa: PLR0913 - everything a person needs to decide whether to call
    tongue: Tongue,
    listing: Listing,
    today: date,
    *,
    place: str = "",
    reasons: Reasons | None = None,
    open_now: bool | None = None,
) -> list[Passage]:
    """One service. `reasons` and `place`, the name of what it is for, are given where it answers a question."""
    passages = [Passage("text", (Span(tongue.apart(listing.name_and_body), bold=True),))]
    if reasons is not None:
        passages.append(_text(" ".join(_why(tongue, listing, place, reasons))))
    offers = " ".join(_offers(tongue, listing))
    if offers:
        passages.append(_text(offers))
    passages.append(Passage("text", tuple(_reach(tongue, listing, reasons, open_now))))
    beware = " ".join(_beware(tongue, listing))
    if beware:
        passages.append(_text(beware))
    passages.append(Passage("text", tuple(_checked(tongue, listing, today))))
    return passages


def _text(text: str) -> Passage:
    return Passage("text", (Span(text),))


def _why(tongue: Tongue, listing: Listing, place: str, reasons: Reasons) -> Iterator[str]:
    """Why this one, in a line or two."""
    if reasons.no_way:
        yield tongue.say(words.NOT_THAT_WAY)
    things = [tongue.say(words.TERMS[code]) for code in reasons.met if code in words.TERMS]
    things += [tongue.language_name(code.partition(":")[2]) for code in reasons.met if code.startswith("language:")]
    if things:
        yield tongue.say(words.WHY, things=tongue.listed(tuple(things)))
    elif set(listing.places) == {ANYWHERE}:
        yield tongue.say(words.WHY_ANYWHERE)
    elif place:
        yield tongue.say(words.WHY_PLACE, place=tongue.isolated(place))
    if reasons.away is not None:
        yield _away(tongue, reasons.away, listing.places)


def _away(tongue: Tongue, km: float, places: Iterable[str]) -> str:
    """How far it is, in what the place counts in; no finer than what a postcode tells."""
    miles = any(place.partition("-")[0] in IN_MILES for place in places)
    number = km / MILE if miles else km
    unit = "length-mile" if miles else "length-kilometer"
    distance = str(format_unit(max(round(number), 1), unit, "long", locale=tongue.locale))
    return tongue.say(words.AWAY_LESS if number < 1 else words.AWAY, distance=distance)


def _offers(tongue: Tongue, listing: Listing) -> Iterator[str]:
    named = [code for code in listing.terms if code in words.TERMS and code.startswith(("need:", "field:"))]
    if listing.description:
        yield _own(tongue, listing.description)
    elif named:
        yield tongue.say(words.IT_NAMES, things=tongue.listed(tuple(tongue.say(words.TERMS[code]) for code in named)))
    yield from (tongue.say(said) for who, said in words.FOR_PEOPLE.items() if f"people:{who}" in listing.terms)


def _own(tongue: Tongue, text: str) -> str:
    """A text in the person's language, or as its writer gave it, unable to turn what is around it."""
    said = tongue.say(text, SERVICES)
    return said if said != text or (SERVICES, text) in tongue.messages or tongue.code == "en" else tongue.isolated(text)


def _reach(tongue: Tongue, listing: Listing, reasons: Reasons | None, open_now: bool | None) -> Iterator[Span]:
    """Every way to it, a line each; numbers are copied with one tap."""
    lines = [_dialled(tongue, phone) for phone in sorted(listing.phones, key=lambda phone: phone.type == "tty")]
    if "way:chat" in listing.terms:
        lines.append([Span(tongue.say(words.CHAT))])
    if listing.url:
        lines.append([Span(tongue.say(words.WEBSITE, address=listing.url))])
    if listing.email and not listing.phones:
        lines.append(_filled(tongue.say(words.EMAIL), {"address": listing.email}))
    door = _door(listing, reasons)
    if door:
        lines.append(_filled(tongue.say(words.ADDRESS), {"address": door}))
    hours = " ".join(_there(tongue, listing, open_now))
    if hours:
        lines.append([Span(hours)])
    if listing.languages:
        spoken = tongue.listed(tuple(map(tongue.language_name, listing.languages)))
        lines.append([Span(tongue.say(words.LANGUAGES, languages=spoken))])
    for number, line in enumerate(lines):
        yield from (*([Span("\n")] if number else []), *line)


def _dialled(tongue: Tongue, phone: Phone) -> list[Span]:
    text = words.TEXT_WORD if phone.type == "text" and phone.word else _CALLED.get(phone.type, words.PHONE)
    return _filled(tongue.say(text), {"number": phone.number, "word": phone.word})


def _filled(text: str, values: dict[str, str]) -> list[Span]:
    """A message with values that are copied with one tap, each unable to turn the direction of what is around it."""
    spans: list[Span] = []
    at = 0
    for found in _FIELD.finditer(text):
        spans.append(Span(text[at : found.start()] + ISOLATE))
        spans.append(Span(values.get(found[1], found[0]), copied=True))
        spans.append(Span(END_ISOLATE))
        at = found.end()
    return [span for span in (*spans, Span(text[at:])) if span.text]


def _door(listing: Listing, reasons: Reasons | None) -> str:
    """The nearest address, or the first."""
    near = reasons.near if reasons else None
    if near is None:
        return listing.doors[0].address if listing.doors else ""
    centre = vector(*near)
    known = [(chord(vector(*door.point), centre), door.address) for door in listing.doors if door.point]
    return min(known)[1] if known else listing.doors[0].address if listing.doors else ""


def _there(tongue: Tongue, listing: Listing, open_now: bool | None) -> Iterator[str]:
    """When somebody is there, as days and times are written in the language."""
    if always(listing.schedules):
        yield tongue.say(words.OPEN_ALWAYS)
        return
    week = [opening(row) for row in listing.schedules]
    if week and all(week):
        hours = tongue.listed(tuple(_opening(tongue, each, listing.places) for each in week if each))
        yield tongue.say(words.HOURS_THERE, hours=tongue.isolated(hours))
        if open_now is not None:
            yield tongue.say(words.OPEN_NOW if open_now else words.CLOSED_NOW)
    elif listing.hours:
        yield tongue.say(words.HOURS, hours=tongue.isolated(listing.hours))


def _opening(tongue: Tongue, week: Opening, places: Iterable[str]) -> str:
    """Days and times in the person's language, as they are written where the service is."""
    locale = _locale(tongue, next(iter(places), ""))
    names = get_day_names("abbreviated", locale=locale)
    days = sorted(week.days)
    run = len(days) > 2 and days == list(range(days[0], days[-1] + 1))  # noqa: PLR2004 - two are named both
    named = f"{names[days[0]]}\u2013{names[days[-1]]}" if run else tongue.listed(tuple(names[day] for day in days))
    begins, ends = (
        str(format_time(time(minute % MIDNIGHT // 60, minute % 60), "short", locale=locale))
        for minute in (week.begins, week.ends)
    )
    return f"{named} {begins}\u2013{ends}"


def _locale(tongue: Tongue, place: str) -> Locale:
    try:
        return Locale(tongue.locale.language, territory=place.partition("-")[0] or None)
    except (UnknownLocaleError, ValueError):
        return tongue.locale


def _beware(tongue: Tongue, listing: Listing) -> Iterator[str]:
    """What it costs, and what matters for safety."""
    yield from (tongue.say(said) for code, said in words.COSTS.items() if code in listing.terms)
    if listing.alert:
        yield _own(tongue, listing.alert)
    yield from (tongue.say(said) for code, said in words.SAFETY.items() if code in listing.terms)


def _checked(tongue: Tongue, listing: Listing, today: date) -> Iterator[Span]:
    """Where this is from, when it was last looked at, and what a call leaves behind."""
    address = listing.source.partition(" ")[0]
    named = urlsplit(address).hostname
    before, _, after = tongue.say(words.SOURCE).partition("{source}")
    checked = words.OVERDUE if listing.overdue(today) else words.CHECKED
    yield Span(before)
    yield Span(tongue.apart(named), link=address) if named else Span(tongue.isolated(listing.source))
    yield Span(f"{after} {tongue.say(checked, date=tongue.day(listing.checked_on))} {tongue.say(words.TRACES)}")
