"""Pages of the documentation as a reader follows them: files, edits, commands, what is shown."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"(?:^<!-- (?P<note>[^\n]*?) -->\n\n?)?^```(?P<language>[\w-]*|\{[\w-]+\})\n"
    r"(?P<text>.*?)^```$|^<!-- (?P<alone>copy: [^\n]*?) -->$",
    re.MULTILINE | re.DOTALL,
)
COPY = re.compile(r"copy: (\S+) to (\S+)")


@dataclass(frozen=True)
class Step:
    """Something that a page tells its reader to do or to see.

    Attributes
    ----------
    kind : str
        "run", "file", "copy", "edit", "shown", or "left out".
    name : str
        Of the file, for a file, a copy or an edit; the reason, for what is left out; the exit
        status of commands that fail.
    text : str
    """

    kind: str
    name: str
    text: str

    def commands(self) -> list[list[str]]:
        """Return the arguments of each command, without the word `study`."""
        lines = [line for line in self.text.splitlines() if line.strip()]
        parts = [shlex.split(line) for line in lines]
        assert all(words[0] == "study" for words in parts), f"not commands of ours: {lines}"
        return [words[1:] for words in parts]


def steps(page: str) -> Iterator[Step]:
    """Yield the steps of a page, in order."""
    for block in BLOCK.finditer(page):
        note, text = block["note"] or "", block["text"]
        copied = block["alone"] or (note if note.startswith("copy:") else "")
        if copied:
            found = COPY.fullmatch(copied)
            assert found, copied
            yield Step("copy", found[2], found[1])
        if block["alone"]:
            continue
        if note.startswith("not run:"):
            yield Step("left out", note.removeprefix("not run:").strip(), text)
        elif note.startswith("file:"):
            yield Step("file", note.removeprefix("file:").strip(), text)
        elif block["language"] in ("sh", "console", "powershell"):
            assert note in ("", "fails: 1"), note
            yield Step("run", note.removeprefix("fails: "), text)
        elif block["language"] == "diff":
            first, rest = text.split("\n", 1)
            assert first.startswith("--- "), first
            yield Step("edit", first[4:].strip(), rest)
        elif block["language"] == "text":
            yield Step("shown", "", text)


def edit(path: Path, change: str) -> None:
    """Replace the lines that begin with - by those with +; they must be there, and once."""
    lines = change.splitlines()
    while lines:
        old, new = [], []
        while lines and lines[0].startswith("-"):
            old.append(lines.pop(0)[1:])
        while lines and lines[0].startswith("+"):
            new.append(lines.pop(0)[1:])
        assert old, f"an edit begins with a line that is replaced: {change}"
        text = path.read_text(encoding="utf-8")
        before = "\n".join(old)
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times"
        after = "\n".join(new)
        # a line that goes leaves no empty one behind
        replaced = text.replace(before, after) if new else text.replace(f"{before}\n", "")
        path.write_text(replaced, encoding="utf-8")


def place(step: Step, folder: Path) -> None:
    """Make the file of a step, copy it or edit it."""
    path = folder / step.name
    if step.kind == "file":
        path.write_text(step.text, encoding="utf-8")
    elif step.kind == "copy":
        shutil.copyfile(folder / step.text, path)
    else:
        edit(path, step.text)


def missing_lines(shown: str, said: str) -> list[str]:
    """Return the lines of a page that a command did not print; … stands for anything."""
    there = [line.rstrip() for line in said.splitlines()]
    missing = []
    for line in shown.splitlines():
        pattern = ".*".join(re.escape(part) for part in line.rstrip().split("…"))
        if not any(re.fullmatch(pattern, one) for one in there):
            missing.append(line)
    return missing
