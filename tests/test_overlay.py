"""An operator's own texts: over the shipped ones file by file, and all of them or none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest
from click.testing import CliRunner
from fake_telegram import FakeTelegram
from harness import Talk
from hypothesis import given, settings
from hypothesis import strategies as st
from real_bot import RealBot

from bot.check import accepted, check, overlaid
from bot.cli import main, with_texts
from bot.knowledge.knowledge import read_whole
from bot.language.tongue import pseudo
from bot.overlay import PARTS, Overlay, lay, own_parts
from bot.script import catalog
from bot.script.diagnostic import Report
from bot.settings import Texts

ROOT = Path(__file__).parent.parent
SHIPPED = Texts()
FLOWS, CONTENT = Path(str(SHIPPED.flows)), Path(str(SHIPPED.content))
FIRST = "Is it all right to use this chat now?"
OURS = "Would you like to use this chat now?"
FLOW = "# The office\n\n- where is the office\n\n## start\nThe office is open in the morning.\n\n- [Done](done:)\n"
REFUSED = "are used until these are mended; `waymark check` repeats them"


def tree(folder: Traversable, at: str = "") -> dict[str, bytes]:
    """What every file in a folder holds, by its path from there."""
    found: dict[str, bytes] = {}
    for entry in folder.iterdir():
        path = f"{at}/{entry.name}"
        assert entry.is_dir() != entry.is_file()
        found |= tree(entry, path) if entry.is_dir() else {path: entry.read_bytes()}
    return found


def lay_over(home: Path, name: str, old: str = "", new: str = "") -> Path:
    """A shipped file in the operator's folder, with something changed in it."""
    text = (ROOT / "bot" / name).read_text(encoding="utf-8")
    assert old in text
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def write(home: Path, name: str, text: str) -> Path:
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def talk_of(home: Path) -> Talk:
    texts = accepted(home)
    return Talk(flows=texts.flows, content=texts.content, locales=texts.locales)


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "WAYMARK_HOME": str(home), "PYTHONWARNINGS": "error"}


def run(home: Path, *arguments: str, said: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, input=said, capture_output=True, check=False, env=environment(home), timeout=60, cwd=ROOT
    )


# File by file


def test_all_that_is_shipped_laid_over_itself_is_the_same(tmp_path: Path) -> None:
    for part in PARTS:
        shutil.copytree(str(getattr(SHIPPED, part)), tmp_path / part)
    texts, report = overlaid(tmp_path)
    assert not report, str(report)
    for part in ("flows", "content"):
        assert tree(getattr(texts, part)) == tree(getattr(SHIPPED, part))


@settings(deadline=None)
@given(over=st.sets(st.sampled_from(sorted(tree(SHIPPED.content)))), added=st.booleans())
def test_it_is_what_copying_over_would_make(
    tmp_path_factory: pytest.TempPathFactory, over: set[str], *, added: bool
) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in [*over, *(["/law/new.toml", "/places/new.toml"] if added else [])]:
        write(home, f"content{name}", f"# {name}")
    merged = home / "merged"
    shutil.copytree(CONTENT, merged)
    if (home / "content").exists():
        shutil.copytree(home / "content", merged, dirs_exist_ok=True)
    texts = lay(home, Report())
    assert tree(texts.content) == tree(merged)
    for name, text in tree(merged).items():
        assert texts.content.joinpath(*name.strip("/").split("/")).read_bytes() == text


def test_a_file_in_it_is_the_real_one_and_a_folder_cannot_be_opened(tmp_path: Path) -> None:
    mine = lay_over(tmp_path, "content/law/ie.toml")
    laid = lay(tmp_path, Report()).content
    assert laid / "law" / "ie.toml" == mine
    assert str(laid / "law" / "us.toml") == str(CONTENT / "law" / "us.toml")
    assert (laid / "law").name == "law"
    assert str(laid / "law") == str(tmp_path / "content" / "law")
    assert isinstance(laid, Overlay)
    for refused in (laid.open, laid.read_text, laid.read_bytes):
        with pytest.raises(IsADirectoryError):
            refused()


async def test_a_sentence_a_number_and_a_conversation_are_changed(tmp_path: Path) -> None:
    lay_over(tmp_path, "flows/arrival.md", FIRST, OURS)
    lay_over(tmp_path, "content/emergency.toml", 'call = "112"', 'call = "113"')
    write(tmp_path, "flows/office.md", FLOW)
    talk = await talk_of(tmp_path).say("/start")
    assert OURS in talk.text
    await talk.say("3", "where is the office", "1")
    assert "open in the morning" in talk.text
    await talk.say("help", "place", "Ireland")
    assert "call 113 or 999" in " ".join(talk.text.split())


async def test_a_language_is_added(tmp_path: Path) -> None:
    held = catalog.template(ROOT)
    for message in held:
        if message.id:
            forms = (message.id,) if isinstance(message.id, str) else message.id
            said = tuple(map(pseudo, forms))
            message.string = said[0] if isinstance(message.id, str) else said
    header = 'msgid ""\nmsgstr ""\n"Language: pt\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    header += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    messages = catalog.as_text(held).partition("\n\n")[2]
    write(tmp_path, "locales/pt/LC_MESSAGES/messages.po", header + messages)
    talk = await talk_of(tmp_path).say("/start")
    assert {"English", "portugu\u00eas"} <= {button.label for button in talk.page.buttons}


def test_what_an_editor_leaves_behind_is_not_read(tmp_path: Path) -> None:
    names = {".DS_Store", "._about.md", ".about.md.swp", "about.md~", "about.md.bak"}
    lay_over(tmp_path, "flows/about.md")
    for name in names:
        write(tmp_path, f"flows/{name}", "\ufffe nonsense")
    texts, report = overlaid(tmp_path)
    assert not report, str(report)
    assert not names & {entry.name for entry in texts.flows.iterdir()}


def test_links_within_the_folder_are_followed(tmp_path: Path) -> None:
    """As a mounted volume of settings has them: every name a link, by way of a link, to the newest copy."""
    newest = tmp_path / "flows" / "..2026_11_20"
    shutil.move(lay_over(tmp_path, "flows/about.md", "Every fact", "Each fact"), tmp_path / "about.md")
    newest.mkdir()
    shutil.move(tmp_path / "about.md", newest / "about.md")
    (tmp_path / "flows" / "..data").symlink_to(newest.name)
    (tmp_path / "flows" / "about.md").symlink_to(Path("..data") / "about.md")
    texts, report = overlaid(tmp_path)
    assert not report, str(report)
    assert "Each fact" in (texts.flows / "about.md").read_text(encoding="utf-8")


# All or none


def test_a_new_fact_passes(tmp_path: Path) -> None:
    fact(tmp_path)
    assert accepted(tmp_path) != SHIPPED


def unclosed(home: Path) -> Path:
    return write(home, "content/law/ie.toml", '[[fact]]\nid = "x\n')


def outside(home: Path) -> Path:
    path = home / "flows" / "hosts.md"
    path.symlink_to("/etc/hosts")
    return path


def beside(home: Path) -> Path:
    """The keys may lie in this folder too, and nobody is to be shown those."""
    write(home, "keys/waymark.keys", "secret")
    path = home / "flows" / "keys.md"
    path.symlink_to(Path("..") / "keys" / "waymark.keys")
    return path


def nowhere(home: Path) -> Path:
    path = home / "flows" / "gone.md"
    path.symlink_to("nowhere.md")
    return path


def circle(home: Path) -> Path:
    path = home / "flows" / "circle.md"
    path.symlink_to(path.name)
    return path


def elsewhere(home: Path) -> Path:
    write(home, "other/law/ie.toml", "")
    path = home / "content"
    path.symlink_to("other")
    return path


def folder_for_a_file(home: Path) -> Path:
    path = home / "flows" / "menu.md"
    path.mkdir()
    return path


def folder_for_a_catalog(home: Path) -> Path:
    path = home / "locales" / "es" / "LC_MESSAGES" / "messages.po"
    path.mkdir(parents=True)
    return path


def pipe(home: Path) -> Path:
    path = home / "flows" / "pipe.md"
    os.mkfifo(path)
    return path


def deep_toml(home: Path) -> Path:
    return write(home, "content/law/deep.toml", f"x = {'[' * 5000}")


def large_number(home: Path) -> Path:
    return write(home, "content/law/large.toml", f"x = {'9' * 5000}")


def deep_markdown(home: Path) -> Path:
    return write(home, "flows/deep.md", f"# Deep\n\n## start\n{'*' * 9999}a{'*' * 9999}\n")


def place_in_itself(home: Path) -> Path:
    path = lay_over(home, "content/places/ie.toml")
    path.write_text(
        path.read_text(encoding="utf-8") + '\n[[place]]\ncode = "IE"\nparent = "IE"\n[place.name]\nen = "Ireland"\n',
        encoding="utf-8",
    )
    return path


def fact(home: Path, source: str = "https://example.org", day: str = "2026-01-01") -> Path:
    return write(
        home,
        "content/law/new.toml",
        f"""[[fact]]
id = "ie-new-1"
place = "IE"
topic = "nda"
text = "In Ireland, something is so since {{day}}."
original = "Something is so."
statute = "An Act"
source = "{source}"
source_date = "2026-01-01"
quality = "official"
status = "VERIFIED"
checked_on = "2026-11-20"
review_by = "2027-05-20"
regions = "none"
[fact.values]
day = "{day}"
""",
    )


def entry_without_fields(home: Path) -> Path:
    """What nobody thought of is caught with everything else, and at least the folder is named."""
    write(home, "content/law/odd.toml", 'fact = ["""\n[[fact]]\n"""]')
    return home


Mistake = tuple[Callable[[Path], Path], str, str]
"""What somebody does in the folder and where, the number of the diagnostic, and something it says."""

MISTAKES: dict[str, list[Mistake]] = {
    "in single files": [
        (lambda home: write(home, "flows/office.md", FLOW.replace("# The", "The")), "W102", "text before the first"),
        (lambda home: write(home, "flows/My office.md", FLOW), "W106", "lower-case"),
        (
            lambda home: write(home, "flows/office.md.txt", FLOW),
            "W113",
            "nothing reads this; what is read here is *.md",
        ),
        (lambda home: write(home, "flows/more/office.md", FLOW).parent, "W113", "nothing reads this"),
        (lambda home: write(home, "content/helpline/ie.toml", "").parent, "W113", "helplines, law, mappings, places"),
        (lambda home: write(home, "locales/es/messages.po", ""), "W113", "LC_MESSAGES"),
        (lambda home: write(home, "locales/fr/LC_MESSAGES/messages.po", 'msgid "a'), "W502", "line 1"),
        (unclosed, "W402", "not readable as TOML"),
        (outside, "W113", "leads out of the folder"),
        (beside, "W113", "leads out of the folder"),
        (nowhere, "W113", "cannot be opened"),
        (circle, "W113", "cannot be opened"),
        (folder_for_a_file, "W113", "a file belongs here"),
        (folder_for_a_catalog, "W113", "a file belongs here"),
        (pipe, "W113", "a file belongs here"),
        (deep_toml, "W402", "not readable as TOML"),
        (large_number, "W402", "not readable as TOML"),
        (deep_markdown, "W113", "too many marks"),
        (lambda home: fact(home, source="https://[example"), "W402", "ie-new-1: it cannot be shown: Invalid IPv6 URL"),
        (
            lambda home: lay_over(
                home, "content/places/ie.toml", 'code = "IE"', 'code = "IE"\nname = {fr = "Irlande"}'
            ),
            "W401",
            "has its English one",
        ),
    ],
    "in how they fit": [
        (lambda home: write(home, "flows/office.md", FLOW.replace("done:", "#gone")), "W201", "#gone"),
        (lambda home: fact(home, day="2026-02-30"), "W402", "ie-new-1: it cannot be shown: day "),
        (place_in_itself, "W402", "stands somewhere already"),
    ],
    "a file for a folder of facts": [(lambda home: write(home, "content/law", ""), "W113", "a folder belongs here")],
    "a file for the folder of facts": [(lambda home: write(home, "content", ""), "W113", "a folder belongs here")],
    "a folder that is elsewhere": [(elsewhere, "W113", "leads out of the folder")],
    "what nobody thought of": [(entry_without_fields, "W113", "while reading what is in here")],
}
"""Made together wherever they can be: one must not hide another."""


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_is_named_with_its_file_and_nothing_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    lay_over(tmp_path, "flows/arrival.md", FIRST, OURS)
    made = [(mistake(tmp_path), code, said) for mistake, code, said in MISTAKES[kind]]
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    assert with_texts(lambda texts: texts) == SHIPPED
    told = capsys.readouterr().err.splitlines()
    for path, code, said in made:
        assert [line for line in told if line.startswith(f"{path}:") and f" {code} " in line and said in line], path
    assert told[-1].endswith(REFUSED)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("flows/about.md", "W113"),
        ("content/law/ie.toml", "W402"),
        ("locales/es/LC_MESSAGES/messages.po", "W502"),
        ("content/law", "W113"),
        ("flows", "W113"),
        (".", "W113"),
    ],
)
def test_what_may_not_be_read_is_named(tmp_path: Path, name: str, code: str) -> None:
    home = tmp_path / "home"
    lay_over(home, "flows/about.md")
    lay_over(home, "content/law/ie.toml")
    write(home, "locales/es/LC_MESSAGES/messages.po", 'msgid ""\nmsgstr ""\n')
    closed = home / name
    closed.chmod(0)
    try:
        if os.access(closed, os.R_OK):
            pytest.skip("whoever runs this may read everything")
        assert own_parts(home) == PARTS
        report = overlaid(home)[1]
    finally:
        closed.chmod(0o700)
    assert code in {found.code for found in report.found if name == "." or found.path == closed}, str(report)


def test_a_mistake_in_one_file_holds_every_other_back(tmp_path: Path) -> None:
    lay_over(tmp_path, "flows/arrival.md", FIRST, OURS)
    first = write(tmp_path, "flows/office.md", FLOW.replace("[Done](done:)", "[Done](#gone)"))
    second = unclosed(tmp_path)
    done = run(tmp_path, "chat")
    assert done.returncode == 0
    assert done.stdout.decode().startswith(FIRST)
    *diagnostics, last = done.stderr.decode().splitlines()
    assert any(line.startswith(f"{first}:8: W201 ") for line in diagnostics)
    assert any(line.startswith(f"{second}: W402 ") for line in diagnostics)
    assert last == f"waymark: none of the texts in {tmp_path} {REFUSED}"
    checked = run(tmp_path, "check")
    assert checked.returncode == 1
    assert checked.stdout.decode().splitlines() == diagnostics
    assert f"flows, content in {tmp_path} lie over" in checked.stderr.decode()


def test_a_shipped_file_that_no_longer_fits_is_named(tmp_path: Path) -> None:
    lay_over(tmp_path, "flows/urgent_danger.md", "## talk\n", "## speak\n")
    done = run(tmp_path, "chat")
    assert done.stdout.decode().startswith(FIRST)
    assert "bot/flows/pressure_to_sign.md:" in done.stderr.decode()
    assert REFUSED in done.stderr.decode()


def test_texts_that_pass_are_used_without_a_word(tmp_path: Path) -> None:
    lay_over(tmp_path, "flows/arrival.md", FIRST, OURS)
    done = run(tmp_path, "chat")
    assert done.stdout.decode().startswith(OURS)
    assert done.stderr == b""
    checked = run(tmp_path, "check")
    assert checked.returncode == 0
    assert checked.stdout == b"Nothing to mend.\n"
    assert checked.stderr.decode() == f"flows in {tmp_path} lie over the shipped texts\n"


def test_a_home_without_texts_or_none_at_all_changes_nothing(tmp_path: Path) -> None:
    for home in (tmp_path, tmp_path / "nowhere"):
        assert own_parts(home) == ()
        assert run(home, "facts").stderr == b""
    assert lay(tmp_path, Report()) == SHIPPED


def test_texts_that_change_between_the_check_and_the_start_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    law = lay_over(tmp_path, "content/law/ie.toml")
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    began: list[Texts] = []

    def start(texts: Texts) -> str:
        began.append(texts)
        law.write_text("half a f", encoding="utf-8")
        return read_whole(texts.content).facts["ie-nda-1"].id

    assert with_texts(start) == "ie-nda-1"
    assert len(began) == 2
    assert began[1] == SHIPPED
    assert REFUSED in capsys.readouterr().err


def test_a_file_that_went_away_since_is_a_diagnostic(tmp_path: Path) -> None:
    for name in ("flows/about.md", "content/law/ie.toml"):
        lay_over(tmp_path, name)
    texts = lay(tmp_path, Report())
    for part in ("flows", "content"):
        shutil.rmtree(tmp_path / part)
    assert {"W113", "W402"} <= {found.code for found in check(texts=texts).found}


def test_a_name_that_is_no_text_is_printed_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / os.fsdecode(b"\xff.md")).write_text(FLOW, encoding="utf-8")
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 1
    assert "W106" in result.output


def test_facts_are_those_that_are_used(tmp_path: Path) -> None:
    path = lay_over(tmp_path, "content/law/ie.toml", 'id = "ie-nda-1"', 'id = "our-nda-1"')
    assert b"our-nda-1" in run(tmp_path, "facts").stdout
    path.write_text(path.read_text(encoding="utf-8") + "\nx", encoding="utf-8")
    refused = run(tmp_path, "facts")
    assert refused.returncode == 0
    assert b"ie-nda-1" in refused.stdout
    assert b"our-nda-1" not in refused.stdout
    assert REFUSED in refused.stderr.decode()


def test_on_telegram_too(tmp_path: Path) -> None:
    home = tmp_path / "data"
    lay_over(home, "flows/arrival.md", FIRST, OURS)
    mistake = unclosed(home)

    def shows(text: str) -> bool:
        return text in person.screen.text

    with FakeTelegram() as telegram, RealBot(telegram, tmp_path) as bot:
        person = telegram.person(1001)
        person.type("/start")
        telegram.wait(partial(shows, FIRST))
        assert f"{mistake.relative_to(tmp_path)}: W402 " in bot.said()
        assert REFUSED in bot.said()
        assert bot.stop() == 0
        mistake.unlink()
        bot.start()
        person.type("/start")
        telegram.wait(partial(shows, OURS))
        assert bot.stop() == 0
        assert bot.said().count(REFUSED) == 1
        assert telegram.violations == []
