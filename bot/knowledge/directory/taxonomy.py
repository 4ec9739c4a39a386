"""The terms by which a service is found: a closed list, one line each. A term's code is `group:name`."""

from __future__ import annotations

from dataclasses import dataclass

GROUPS = ("need", "field", "kind", "people", "way", "cost", "safety")


@dataclass(frozen=True, slots=True)
class Term:
    """One term, and what it means."""

    code: str
    about: str

    @property
    def group(self) -> str:
        """Which of `GROUPS` it belongs to."""
        return self.code.partition(":")[0]

    @property
    def name(self) -> str:
        """The code without its group."""
        return self.code.partition(":")[2]


TERMS = (
    Term("need:advice", "Says what somebody could do."),
    Term("need:representation", "Acts for somebody, also before a court."),
    Term("need:read_paper", "Reads a paper before it is signed, or after."),
    Term("field:employment", "The law of work."),
    Term("field:family", "The law of families: separation, children, protection orders."),
    Term("field:immigration", "The law of staying in a country, and asylum."),
    Term("field:campus", "The rules of universities and colleges."),
    Term("field:crime_victim", "The rights of people harmed by a crime."),
    Term("field:housing", "The law of homes: tenancies, eviction, homelessness."),
    Term("field:debt", "The law of debts."),
    Term("field:crime_defence", "Defends people accused of a crime; it is not for those harmed by one."),
    Term("field:prison", "The law of prisons, for people held in one."),
    Term("field:education", "The law of schools and special needs."),
    Term("field:mental_health", "The law of mental health and hospital orders."),
    Term("field:care", "The law of care in the community."),
    Term("field:benefits", "The law of welfare benefits."),
    Term("field:police", "Claims against the police and other authorities."),
    Term("field:public", "Judicial review of what authorities decide."),
    Term("field:clinical", "Claims after medical treatment that went wrong."),
    Term("field:discrimination", "The law against discrimination."),
    Term("field:other", "Some other part of the law."),
    Term("kind:legal", "Gives legal help."),
    Term("kind:mediation", "Mediates between two sides; it takes neither, and gives no legal help."),
    Term("kind:helpline", "Listens, by phone or in writing."),
    Term("kind:shelter", "Finds or gives a safe place to stay; its address is never kept."),
    Term("kind:abuse", "Helps after violence at home or by a partner."),
    Term("kind:sexual", "Helps after sexual violence."),
    Term("kind:crisis", "Helps when somebody may harm themselves."),
    Term("kind:stalking", "Helps with stalking."),
    Term("kind:trafficking", "Helps after trafficking."),
    Term("kind:images", "Helps when intimate images are shared or threatened."),
    Term("kind:young", "Helps children and young people."),
    Term("kind:work", "Helps with harm at work."),
    Term("kind:accountability", "Works with people who caused harm, or on community accountability."),
    Term("people:women", "For women."),
    Term("people:men", "For men."),
    Term("people:lgbt", "For lesbian, gay, bisexual and trans people."),
    Term("people:native", "For Indigenous people."),
    Term("people:young", "For children and young people."),
    Term("people:migrants", "For people who came from another country."),
    Term("people:disabled", "For disabled people, Deaf people among them."),
    Term("people:sex_workers", "For sex workers."),
    Term("people:local", "For people of one city, county or part of the place."),
    Term("way:phone", "Can be called."),
    Term("way:chat", "Can be written to in a chat on its site."),
    Term("way:text", "Can be sent a text message."),
    Term("way:in_person", "Can be visited."),
    Term("cost:free", "Costs nothing."),
    Term("cost:low", "Costs little, or what somebody can pay."),
    Term("cost:unknown", "Nothing is known of what it costs."),
    Term("safety:police_run", "The police run it or answer it."),
    Term("safety:faith_based", "A religious body runs it."),
    Term("safety:state_run", "The state runs it."),
    Term("safety:on_bill", "Calls to it may be seen on a bill."),
    Term("safety:chat_logged", "It keeps what is written to it."),
    Term("safety:must_report", "It has to pass some of what it hears on to an authority."),
)

BY_CODE = {term.code: term for term in TERMS}


def codes(group: str) -> tuple[str, ...]:
    """The codes of a group, in the order above."""
    return tuple(term.code for term in TERMS if term.group == group)
