"""Conversations written in a test, with what the desk needs to work on them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness import TODAY

from bot.desk.ground import Ground, ground
from bot.knowledge.knowledge import read_whole
from bot.settings import Texts

BARE = {
    "arrival": '# A\n\n## start\nHello.\n\n- [In](done: "remember role=survivor")\n',
    "urgent_danger": "# U\n\n## start\nHere.\n\n{emergency}\n\n- [Talk](#talk)\n- [Done](done:)\n\n"
    "## talk\nHere.\n\n{services.abuse}\n\n- [Done](done:)\n",
}
KNOWLEDGE = read_whole(Texts().content)


def written(folder: Path, flows: Mapping[str, str], catalogs: Mapping[str, str] | None = None) -> Texts:
    """A folder of conversations and catalogs beside the shipped content."""
    menu = "# M\n\n## start\nWhat now?\n\n" + "".join(f"- [To {name}]({name}.md)\n" for name in flows)
    for name, text in {**BARE, "menu": menu, **flows}.items():
        (folder / "flows").mkdir(exist_ok=True)
        (folder / "flows" / f"{name}.md").write_text(text, encoding="utf-8")
    for code, text in (catalogs or {}).items():
        path = folder / "locales" / code / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return Texts(flows=folder / "flows", locales=folder / "locales")


def ground_of(folder: Path, flows: Mapping[str, str], catalogs: Mapping[str, str] | None = None) -> Ground:
    """The desk over these conversations."""
    return ground(written(folder, flows, catalogs), KNOWLEDGE, TODAY)


def shipped_ground() -> Ground:
    """The desk over what is shipped."""
    return ground(Texts(), KNOWLEDGE, TODAY)


def catalog(code: str, *messages: tuple[str, str, str]) -> str:
    """A catalog with these messages: context, English, translation."""
    head = f'msgid ""\nmsgstr ""\n"Language: {code}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return head + "".join(f'\nmsgctxt "{one}"\nmsgid "{two}"\nmsgstr "{three}"\n' for one, two, three in messages)
