"""What can be done to the conversation from the page, and what follows from saving a file."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.entries import Reader
from bot.knowledge.reviews import read_reviews
from bot.language.reviewed import texts_of
from bot.preview.draft import Drafts, NoTextsError
from bot.preview.panels import reviews
from bot.preview.stage import Stage
from bot.script.diagnostic import Report

FLOW = """# A paper
<!-- for: survivor -->

- a paper to sign

## start
You can take your time.

- [It is new](#ask "remember age=new")
- [It is old](#ask "remember age=old")
- [Not now](done:)

## ask
<!-- answer: parts -->
What is in it?

- [ ] Money <!-- money -->
- [ ] Silence <!-- silence -->
- [Done](#told)

## told
There is money in it. {when parts has money and age=new}

There is something in it.

- [Done](done:)
"""


def writing(folder: Path, text: str = FLOW) -> Path:
    (folder / "flows").mkdir(parents=True, exist_ok=True)
    (folder / "flows" / "a_paper.md").write_text(text, encoding="utf-8")
    return folder


SHIPPED = Drafts()
"""The shipped texts, read once."""


async def staged(folder: Path | None = None) -> Stage:
    numbers = itertools.count(1)
    stage = Stage(Drafts(folder) if folder else SHIPPED, nonce=lambda: f"nonce{next(numbers)}")
    await stage.open()
    return stage


async def seen(stage: Stage) -> Any:
    return json.loads((await stage.view())[1])


async def said(stage: Stage) -> str:
    phone = (await seen(stage))["phone"]
    return "\n".join("".join(span["text"] for span in each["spans"]) for each in phone["passages"]) if phone else ""


async def test_it_begins_as_for_anybody() -> None:
    stage = await staged()
    assert "Is it all right to use this chat now?" in await said(stage)
    assert (await seen(stage))["where"]["state"] == "start"


async def test_a_state_is_gone_to_with_the_answers_there_are(tmp_path: Path) -> None:
    stage = await staged(writing(tmp_path))
    await stage.act("jump", {"flow": "a_paper", "state": "start"})
    await stage.act("say", {"text": "1"})
    await stage.act("say", {"text": "1"})
    await stage.act("jump", {"flow": "a_paper", "state": "told"})
    assert "There is money in it." in await said(stage)
    view = await seen(stage)
    assert view["remembered"][0]["answers"] == [
        {"key": "age", "values": ["new"], "words": ["It is new"]},
        {"key": "parts", "values": ["money"], "words": ["Money"]},
    ]
    [condition] = view["conditions"]
    assert condition["holds"]
    assert [term["holds"] for term in condition["terms"]] == [True, True]
    assert (view["where"]["line"], view["where"]["last"]) == (21, 27)
    await stage.act("say", {"text": "back"})
    assert (await seen(stage))["where"]["state"] == "ask"


async def test_every_state_of_every_conversation_can_be_looked_at() -> None:
    stage = await staged()
    assert stage.draft
    for flow in stage.draft.flows.by_id.values():
        for state in flow.states:
            await stage.act("jump", {"flow": flow.id, "state": state})
            view = await seen(stage)
            assert (view["where"]["flow"], view["where"]["state"]) == (flow.id, state)
            nodes = {node["id"] for node in view["drawing"]["nodes"]}
            assert {end for edge in view["drawing"]["edges"] for end in (edge["source"], edge["target"])} <= nodes
            lines = view["source"].split("\n")
            assert lines[view["where"]["line"] - 1] == f"## {state}"


async def test_a_jump_to_nowhere_changes_nothing() -> None:
    stage = await staged()
    before = await seen(stage)
    for fields in ({"flow": "nothing"}, {"flow": "menu", "state": "nothing"}, {}):
        await stage.act("jump", fields)
        assert {**(await seen(stage)), "number": 0} == {**before, "number": 0}


async def test_language_and_place_change_where_one_is(tmp_path: Path) -> None:
    stage = await staged(writing(tmp_path))
    await stage.act("jump", {"flow": "a_paper", "state": "ask"})
    await stage.act("language", {"code": "en-XA"})
    assert "[Wh" in await said(stage)
    await stage.act("place", {"code": "US-CA"})
    view = await seen(stage)
    assert (view["where"]["state"], view["language"]) == ("ask", "en-XA")
    assert view["place"] == {"code": "US-CA", "name": "California"}
    await stage.act("place", {"code": ""})
    assert (await seen(stage))["place"]["code"] == ""
    for deed, fields in (("language", {"code": "xx"}), ("place", {"code": "nowhere"})):
        await stage.act(deed, fields)
        assert (await seen(stage))["language"] == "en-XA"
        assert (await seen(stage))["place"]["code"] == ""


async def test_a_law_is_shown_for_the_place_chosen() -> None:
    stage = await staged()
    await stage.act("jump", {"flow": "law_on_silence", "state": ""})
    await stage.act("place", {"code": "US-CA"})
    assert "California" in json.dumps(await seen(stage))


async def test_who_talks_and_what_the_messenger_can_do_are_chosen() -> None:
    stage = await staged()
    assert "screen reader" in json.dumps((await seen(stage))["phone"])
    await stage.act("able", {"able": "no"})
    assert not stage.messenger.capabilities.keeps
    assert "screen reader" not in json.dumps((await seen(stage))["phone"])
    await stage.act("role", {"role": "helper"})
    assert (await seen(stage))["role"] == "helper"
    await stage.act("role", {"role": "king"})
    assert (await seen(stage))["role"] == "helper"


async def test_leaving_leaves_nothing_and_one_can_begin_again() -> None:
    stage = await staged()
    await stage.act("say", {"text": "1"})
    await stage.act("say", {"text": "/x"})
    view = await seen(stage)
    assert (view["phone"], view["left"]) == (None, "")
    assert "where" not in view
    assert await stage.store.all() == []
    await stage.reload()
    assert (await seen(stage))["phone"] is None
    await stage.act("say", {"text": "/start"})
    assert "Is it all right" in await said(stage)


async def test_a_dull_line_stays_where_it_was_chosen() -> None:
    stage = await staged()
    await stage.act("jump", {"flow": "arrival", "state": "remains"})
    await stage.act("say", {"text": "2"})
    await stage.act("say", {"text": "/x"})
    assert (await seen(stage))["left"]


async def test_what_is_saved_is_shown_where_one_is(tmp_path: Path) -> None:
    stage = await staged(writing(tmp_path))
    await stage.act("jump", {"flow": "a_paper", "state": "start"})
    await stage.act("say", {"text": "2"})
    writing(tmp_path, FLOW.replace("What is in it?", "What does the paper hold?"))
    await stage.reload()
    view = await seen(stage)
    assert "What does the paper hold?" in await said(stage)
    assert view["where"]["state"] == "ask"
    assert view["remembered"][0]["answers"][0]["values"] == ["old"]
    assert not [each for each in view["phone"]["passages"] if each["kind"] == "notice"]


async def test_a_state_that_was_renamed_is_followed_and_one_that_is_gone_is_said(tmp_path: Path) -> None:
    stage = await staged(writing(tmp_path))
    await stage.act("jump", {"flow": "a_paper", "state": "told"})
    renamed = FLOW.replace("#told", "#heard").replace("## told\n", "## heard\n<!-- was: told -->\n")
    writing(tmp_path, renamed)
    await stage.reload()
    assert (await seen(stage))["where"]["state"] == "heard"
    writing(tmp_path, re.sub(r"## heard.*", "", renamed, flags=re.DOTALL).replace("#heard", "done:"))
    await stage.reload()
    view = await seen(stage)
    assert view["where"]["state"] == "start"
    assert view["phone"]["passages"][0]["kind"] == "notice"


async def test_what_broke_is_said_and_the_last_good_conversation_goes_on(tmp_path: Path) -> None:
    stage = await staged(writing(tmp_path))
    await stage.act("jump", {"flow": "a_paper", "state": "ask"})
    writing(tmp_path, FLOW.replace("(#told)", "(#nowhere)"))
    await stage.reload()
    view = await seen(stage)
    assert view["broken"]
    found = {each["code"]: each for each in view["diagnostics"]}
    assert view["diagnostics"][0]["code"] == "W201", "what others follow from comes first"
    assert "W203" in found
    assert "(#nowhere)" in view["source"], "what was saved, with its lines"
    assert view["source"].split("\n")[view["where"]["line"] - 1] == "## ask"
    assert found["W201"]["line"] == 19
    assert found["W201"]["file"].endswith("flows/a_paper.md")
    await stage.act("say", {"text": "done"})
    assert "There is something in it." in await said(stage)
    writing(tmp_path)
    await stage.reload()
    view = await seen(stage)
    assert not view["broken"]
    assert view["where"]["state"] == "told"


async def test_what_check_says_comes_after(tmp_path: Path) -> None:
    stage = await staged(writing(tmp_path, FLOW.replace("take your time", "take your time, guaranteed")))
    assert (await seen(stage))["checking"]
    await stage.check()
    view = await seen(stage)
    assert not view["checking"]
    assert not view["broken"]
    assert "W306" in {each["code"] for each in view["diagnostics"]}


async def test_texts_that_are_broken_from_the_start_are_shown_once_they_are_mended(tmp_path: Path) -> None:
    stage = await staged(writing(tmp_path, "no title"))
    view = await seen(stage)
    assert view["broken"]
    assert view["diagnostics"]
    assert "phone" not in view
    assert not await stage.act("say", {"text": "1"})
    writing(tmp_path)
    await stage.reload()
    assert "Is it all right" in await said(stage)


async def test_a_broken_catalog_or_fact_is_said_too(tmp_path: Path) -> None:
    stage = await staged(writing(tmp_path))
    catalog = tmp_path / "locales" / "es" / "LC_MESSAGES" / "messages.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgid "a\nmsgstr', encoding="utf-8")
    await stage.reload()
    assert "W502" in {each["code"] for each in (await seen(stage))["diagnostics"]}
    catalog.unlink()
    (tmp_path / "content" / "law").mkdir(parents=True)
    (tmp_path / "content" / "law" / "us.toml").write_text("[[fact]]\nid = 1\n", encoding="utf-8")
    await stage.reload()
    assert "W402" in {each["code"] for each in (await seen(stage))["diagnostics"]}
    assert "Is it all right" in await said(stage)


class Unchecked(Drafts):
    """Texts of which nothing is said: saying it takes a second, and once begun it cannot be stopped."""

    def check(self) -> Report:
        return Report()


async def test_saving_is_seen(tmp_path: Path) -> None:
    stage = Stage(Unchecked(writing(tmp_path)))
    await stage.open()
    watching = asyncio.create_task(stage.watch())
    try:
        while (await seen(stage))["checking"]:
            await stage.after((await seen(stage))["number"])
        writing(tmp_path, FLOW.replace("# A paper", "# Another paper"))
        while "Another paper" not in {flow["title"] for flow in (await seen(stage))["flows"]}:
            await stage.after((await seen(stage))["number"])
    finally:
        watching.cancel()


async def test_a_folder_of_flows_alone_lies_over_the_shipped_ones(tmp_path: Path) -> None:
    stage = await staged(writing(tmp_path) / "flows")
    assert {"a_paper", "arrival"} <= {flow["id"] for flow in (await seen(stage))["flows"]}
    with pytest.raises(NoTextsError, match="no flows/"):
        Drafts(tmp_path / "elsewhere")


async def test_what_is_missing_or_a_draft_in_a_language_is_marked(tmp_path: Path) -> None:
    writing(tmp_path)
    catalog = tmp_path / "locales" / "es" / "LC_MESSAGES" / "messages.po"
    catalog.parent.mkdir(parents=True)
    entries = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgctxt "a_paper"\nmsgid "What is in it?"\nmsgstr "¿Qué contiene?"\n\n'
        '#, fuzzy\nmsgctxt "a_paper/button"\nmsgid "Money"\nmsgstr "Plata"\n'
    )
    catalog.write_text(entries, encoding="utf-8")
    stage = await staged(tmp_path)
    await stage.act("jump", {"flow": "a_paper", "state": "ask"})
    await stage.act("language", {"code": "es"})
    rows = {row["english"]: row for row in (await seen(stage))["translations"]}
    assert rows["What is in it?"] == {
        "kind": "said", "english": "What is in it?", "said": "¿Qué contiene?", "standing": "there"
    }  # fmt: skip
    assert (rows["Money"]["standing"], rows["Money"]["said"]) == ("fuzzy", "Plata")
    assert (rows["Silence"]["standing"], rows["Silence"]["said"]) == ("missing", "")
    assert "¿Qué contiene?" in await said(stage)
    assert "Money" in json.dumps((await seen(stage))["phone"])


async def test_guidance_measures_and_places_are_told() -> None:
    stage = await staged()
    await stage.act("jump", {"flow": "arrival", "state": "who"})
    view = await seen(stage)
    assert view["guidance"] == [{"id": "S2-01", "about": "Warn about the topic (abuse) before the content starts."}]
    names = [each["name"] for each in view["measures"]]
    assert names[0] == "What is said, in characters"
    assert 0 < view["measures"][0]["size"] <= view["measures"][0]["most"]
    assert json.loads(stage.places("Ireland"))[0]["code"] == "IE"
    assert json.loads(stage.places("us-ca"))[0]["code"] == "US-CA"
    assert json.loads(stage.places("")) != []
    assert json.loads(stage.places("qqqqqq")) == []


async def test_a_signature_is_shown_with_whether_it_still_counts(tmp_path: Path) -> None:
    writing(tmp_path)
    stage = await staged(tmp_path)
    assert stage.draft
    texts = texts_of(stage.draft.flows["a_paper"], stage.draft.catalogs.tongue("en"))
    assert (await seen(stage))["reviews"] == []
    given = (
        '[[review]]\nflow = "a_paper"\nlanguage = "en"\nrole = "lawyer"\nby = "A. Name"\non = "2026-11-20"\n'
        f'texts = "{texts}"\nshown = "yes"\n'
    )
    file = tmp_path / "reviews.toml"
    file.write_text(given, encoding="utf-8")
    draft = replace(stage.draft, reviews=read_reviews(file, Reader()))
    tongue = draft.catalogs.tongue("en")
    [shown] = reviews(draft, draft.flows["a_paper"], tongue)
    assert shown == {"role": "lawyer", "by": "A. Name", "on": "2026-11-20", "now": True}
    older = replace(draft, reviews=(replace(draft.reviews[0], texts="other", shown=False),))
    [shown] = reviews(older, older.flows["a_paper"], tongue)
    assert (shown["now"], shown["by"]) == (False, "")
