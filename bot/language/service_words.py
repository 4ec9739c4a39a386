"""What is said of services: how to reach them, why they were found, and what to beware of."""

from __future__ import annotations

from bot.language.marking import own

NOBODY_FITS = own("I know of nobody there who fits. That does not mean there is nobody.")
NO_SERVICES = own("I have none for that place yet. The emergency number is under **Help now**.")
PHONE = own("Call: {number}")
TTY = own("Text phone (TTY): {number}")
TEXT_WORD = own("Text {word} to {number}")
TEXT_ONLY = own("Text: {number}")
WHATSAPP = own("WhatsApp: {number}")
WEBSITE = own("Website: {address}")
CHAT = own("It has a chat on its website.")
EMAIL = own("E-mail: {address}")
ADDRESS = own("Address: {address}")
OPEN_ALWAYS = own("Open day and night.")
HOURS = own("Open: {hours}")
# translators: {hours} are days and times, such as Monday to Friday from nine to five, in the time of that place
HOURS_THERE = own("Open: {hours} (the time there)")
OPEN_NOW = own("Open now, by these hours.")
CLOSED_NOW = own("Closed now, by these hours.")
LANGUAGES = own("Languages: {languages}")
CHECKED = own("Last checked on {date}.")
OVERDUE = own("Last checked on {date}, which is a while ago. Check it before you rely on it.")
TRACES = own(
    "A call stays in the call list, and may be on the bill. A link stays in the browser. A copy stays on the clipboard."
)
FOR_PEOPLE = {
    "women": own("For women."),
    "men": own("For men."),
    "lgbt": own("For lesbian, gay, bisexual, trans and queer people."),
    "native": own("For Native Americans and Alaska Natives."),
    "young": own("For young people."),
    "local": own("For one part of this place only."),
    "migrants": own("For people who came from another country."),
    "disabled": own("For disabled and Deaf people."),
    "sex_workers": own("For sex workers."),
}
COSTS = {
    "cost:free": own("It costs nothing, as far as I know."),
    "cost:low": own("It costs little, or what you can pay, as far as I know."),
}
SAFETY = {
    "safety:police_run": own("The police run it or answer it."),
    "safety:faith_based": own("A religious body runs it."),
    "safety:state_run": own("The state runs it."),
    "safety:on_bill": own("A call to it may show on the bill."),
    "safety:chat_logged": own("It keeps what is written to it."),
    "safety:must_report": own("It may have to pass on what it hears."),
}
# translators: {source} is the name of a website
SOURCE = own("From {source}.")

# Why a service was found. {things} is a list of the short names below.
WHY = own("Why this one: of what you asked for, it names {things}.")
# translators: {place} is the name of a place, such as Texas
WHY_PLACE = own("Why this one: it is for this place: {place}.")
WHY_ANYWHERE = own("Why this one: it is for any country.")
# translators: said of a service of which no more is known; {things} is a list of the short names below
IT_NAMES = own("What it names: {things}.")
NOT_THAT_WAY = own("I know of nobody you can reach in the way you asked for. This one is the nearest to it.")
# translators: {distance} is such as "3 miles"
AWAY = own("In a straight line it is about {distance} away.")
AWAY_LESS = own("In a straight line it is less than {distance} away.")
TERMS = {
    "need:advice": own("advice"),
    "need:representation": own("speaking or writing for you"),
    "need:read_paper": own("reading a paper"),
    "field:employment": own("work"),
    "field:family": own("family"),
    "field:immigration": own("staying in a country"),
    "field:campus": own("school or university"),
    "field:crime_victim": own("people harmed by a crime"),
    "field:housing": own("homes"),
    "field:debt": own("debts"),
    "field:crime_defence": own("people accused of a crime"),
    "field:prison": own("prison"),
    "field:education": own("schools"),
    "field:mental_health": own("mental health"),
    "field:care": own("care"),
    "field:benefits": own("benefits"),
    "field:police": own("complaints about the police"),
    "field:public": own("decisions of authorities"),
    "field:clinical": own("medical treatment that went wrong"),
    "field:discrimination": own("unfair treatment"),
    "people:men": own("men"),
    "people:lgbt": own("LGBTQ+ people"),
    "people:migrants": own("people from other countries"),
    "people:disabled": own("disabled people"),
    "people:sex_workers": own("sex workers"),
    "people:young": own("young people"),
    "way:phone": own("a phone"),
    "way:chat": own("a chat"),
    "way:text": own("text messages"),
    "way:in_person": own("a door to go to"),
    "cost:free": own("no cost"),
    "cost:low": own("little cost"),
}
