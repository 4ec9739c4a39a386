"""What docs/services.md tells an operator is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click import Context, Group
from harness import TODAY

from bot.cli import main
from bot.knowledge.directory.hsds import Ground
from bot.knowledge.directory.importing import read_file
from bot.knowledge.directory.mapping import read_mapping
from bot.knowledge.directory.taxonomy import TERMS
from bot.knowledge.knowledge import read_whole
from bot.settings import Texts

PAGE = (Path(__file__).parent.parent / "docs" / "services.md").read_text(encoding="utf-8")
SHEET = """No.,Office,Web,Telephone,Street,Town,Eircode,Lat,Long,Subjects,Fax,Remarks
1,Example Law Centre,law.example.ie,01 874 5690,1 Example Street,Dublin,D01 F5P2,53.35,-6.26,FAM|HOU,01 874 5691,closed?
"""


def test_every_term_is_explained_and_no_other() -> None:
    assert re.findall(r"^\| `([a-z_]+:[a-z_]+)` \| (.+) \|$", PAGE, re.MULTILINE) == [
        (term.code, term.about) for term in TERMS
    ]


def test_every_command_and_option_named_is_there_and_every_command_is_named() -> None:
    context = Context(main)
    group = main.get_command(context, "services")
    assert isinstance(group, Group)
    named = set(re.findall(r"waymark services (\w+)", PAGE))
    assert named == set(group.list_commands(context))
    options = {option for command in group.commands.values() for each in command.params for option in each.opts}
    assert set(re.findall(r"(?<!-)--[a-z]+", PAGE)) <= options


def test_the_mapping_to_copy_reads_a_sheet(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "list.csv"
    file.write_text(SHEET, encoding="utf-8")
    mapping = read_mapping(Path("list.toml"), example)
    taken = read_file(Ground(file, mapping, read_whole(Texts().content).places, TODAY))
    [(key, bundle)] = taken.services.items()
    assert key == "lein-1"
    assert bundle["service"][0]["url"] == "https://law.example.ie"
    assert bundle["provenance"][0]["review_by"] == "2027-02-18"
    assert {"kind:legal", "field:family", "field:housing", "way:phone", "way:in_person"} <= {
        row["taxonomy_term_id"] for row in bundle["attribute"]
    }


@pytest.mark.parametrize("key", ["separator", "between", "terms", "timezone", "skip", "areas", "bounds"])
def test_every_other_key_of_a_mapping_is_named(key: str) -> None:
    assert re.search(rf"^\| `\[?{key}\b", PAGE, re.MULTILINE)
