"""The example in the design, word for word: it passes, and it can be walked."""

from __future__ import annotations

from pathlib import Path

from harness import flows_of

from bot.check import check
from bot.engine.event import Chose, Started
from bot.engine.flows import Flows, Known
from bot.engine.step import step
from bot.script.diagnostic import Report
from bot.script.parse import read

EXAMPLE = """# I'm being asked to sign something
<!-- for: survivor -->

- they want me to sign an NDA
- confidentiality agreement

## start
<!-- translators: the first thing a frightened person reads here; calm, no exclamation marks -->
You do **not** have to sign anything today.

- [I have not signed](#clauses "remember signed=no")
- [I already signed](already_signed.md)
- [What the law says here](#law "when fact nda")

## clauses
<!-- answer: clauses -->
Which of these does the paper ask for?

- [ ] Stay silent about it <!-- silence -->
- [ ] Pay money if I speak <!-- penalty -->
- [Done](#questions)

## law
{law.nda}

- [Find someone to read it](find_legal_aid.md)
- [Go on](#questions)

## questions
You can copy these for a lawyer.

> What may I still say, and to whom? {when clauses has silence}
>
> What would I have to pay, and is that allowed? {when clauses has penalty}
>
> How long can I take to decide?

- [Done](done:)
"""
NEIGHBOUR = "# {title}\n\n- {title}\n\n## start\nThis is another conversation.\n\n- [Done](done:)\n"


def test_the_example_passes(tmp_path: Path) -> None:
    (tmp_path / "signing.md").write_text(EXAMPLE, encoding="utf-8")
    for name in ("already_signed", "find_legal_aid"):
        (tmp_path / f"{name}.md").write_text(NEIGHBOUR.format(title=name.replace("_", " ")), encoding="utf-8")
    report = check(tmp_path)
    assert not report, str(report)


def test_the_example_says_what_it_should(tmp_path: Path) -> None:
    file = tmp_path / "signing.md"
    file.write_text(EXAMPLE, encoding="utf-8")
    flow = read(file, Report())
    assert flow
    assert flow.phrases == "they want me to sign an NDA\nconfidentiality agreement"
    assert [choice.label for choice in flow.states["start"].choices][2] == "What the law says here"
    flows = Flows({**flows_of().by_id, "signing": flow})
    known = Known(frozenset({"flow signing"}))
    session = step(flows, None, Started("n"), known).session
    assert session
    session = step(flows, session, Chose((flows["arrival"].states["start"].choices[0].key,)), known).session
    assert session
    assert session.top.flow == "menu"
