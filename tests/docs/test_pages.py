"""The pages can be followed word by word: every command is run, every line shown is printed."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from analysis.cli import main
from tests.docs.pages import edit, missing_lines, place, steps

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
NAMES = sorted(path.name for path in DOCS.glob("*.md"))


def builds(name: str) -> bool:
    """Say whether a page builds a study, which takes long."""
    runs = [step for step in steps(read(name)) if step.kind == "run"]
    return any(words[0] == "build" for step in runs for words in step.commands())


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def prose(name: str) -> str:
    """Return a page without its code, in which links and pictures are none."""
    text = re.sub(r"^```.*?^```$", "", read(name), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "code", text)


def has_commands(name: str) -> bool:
    return any(step.kind == "run" for step in steps(read(name)))


FOLLOWED = [
    pytest.param(name, marks=pytest.mark.slow if builds(name) else ())
    for name in NAMES
    if has_commands(name)
]


def run(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["study", *arguments])
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    return 0


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_page_is_followed_word_by_word(name, tmp_path, monkeypatch, capfd):
    folder = tmp_path / "examples"
    shutil.copytree(ROOT / "examples", folder)
    monkeypatch.chdir(folder)
    said = ""
    for step in steps(read(name)):
        if step.kind in ("file", "copy", "edit"):
            place(step, folder)
        elif step.kind == "run":
            said = ""
            for arguments in step.commands():
                status = run(arguments, monkeypatch)
                out = capfd.readouterr()
                said += out.out + out.err
                assert status == int(step.name or 0), f"study {' '.join(arguments)}\n{said}"
        elif step.kind == "shown" and said:
            missing = missing_lines(step.text, said)
            assert not missing, f"not printed: {missing}\n{said}"
            said = ""


@pytest.mark.parametrize("name", [name for name in NAMES if name != "commands.md"])
def test_no_command_stands_where_it_is_not_run(name):
    known = [step.text for step in steps(read(name)) if step.kind in ("run", "left out")]
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```$", read(name), re.MULTILINE | re.DOTALL)
    lost = [text for text in blocks if re.search(r"^study ", text, re.M) and text not in known]
    assert lost == []


def test_every_page_with_commands_is_followed():
    # pages that only look something up have none
    assert {"tutorial.md", "programs.md", "frameworks.md", "second-coder.md"} <= {
        str(param.values[0]) for param in FOLLOWED
    }


@pytest.mark.parametrize("name", [*NAMES, "../README.md"])
def test_links_lead_to_files_and_headings(name):
    lost = []
    for found in LINK.finditer(prose(name)):
        target = found[1] or found[2]
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, heading = target.partition("#")
        file = (DOCS / name).parent / path if path else DOCS / name
        if not file.is_file():
            lost.append(target)
        elif heading:
            heads = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w -]", "", head.casefold()).replace(" ", "-") for head in heads]
            if heading not in slugs:
                lost.append(target)
    assert not lost


def test_every_page_stands_in_the_table_of_contents():
    listed = re.findall(r"^([a-z][a-z-]*)$", read("index.md"), re.MULTILINE)
    assert sorted([*listed, "index"]) == sorted(name.removesuffix(".md") for name in NAMES)


def test_pictures_are_small_and_have_words_in_their_place():
    for name in [*NAMES, "../README.md"]:
        for words, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", prose(name)):
            assert len(words.split()) > 3, target
            assert ((DOCS / name).parent / target).stat().st_size < 500_000, target


# ---------------------------------------------------------------- the tests of these tests


def test_an_edit_must_find_its_lines(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one\ntwo\nthree\n", encoding="utf-8")
    edit(path, "-two\n+2\n+and more\n-three\n")
    assert path.read_text(encoding="utf-8") == "one\n2\nand more\n"
    with pytest.raises(AssertionError, match="0 times"):
        edit(path, "-two\n+2\n")


def test_a_line_that_was_not_printed_is_found():
    said = "preparation: 3.1 s, because it did not run before\nDone.\n"
    assert missing_lines("preparation: … s, because it did not run before\n", said) == []
    assert missing_lines("Done.\nFinished.\n", said) == ["Finished."]


def test_steps_are_told_apart():
    page = (
        "<!-- file: a.csv -->\n```csv\nx\n```\n\n```sh\nstudy check a\n```\n\n"
        "<!-- not run: because -->\n```sh\nrm x\n```\n\n```text\nDone.\n```\n\n"
        "```diff\n--- a.toml\n-x\n+y\n```\n\n<!-- copy: a to b -->\n\n"
        "```diff\n--- b.toml\n-x\n+y\n```\n\n<!-- copy: b to c -->\n"
    )
    assert [(step.kind, step.name) for step in steps(page)] == [
        ("file", "a.csv"),
        ("run", ""),
        ("left out", "because"),
        ("shown", ""),
        ("edit", "a.toml"),
        ("copy", "b"),
        ("edit", "b.toml"),
        ("copy", "c"),
    ]
