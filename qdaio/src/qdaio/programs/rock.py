"""ROCK, the Reproducible Open Coding Kit: codes in double square brackets, in the text itself.

A line is an utterance, the unit that is coded. `[[code]]` and `[[parent>child]]` code the line
they stand in; `[[cid=1]]` and other `[[key=value]]` say whose words the lines are, until another
says otherwise; `[[uid=…]]` only numbers a line. The text is read without all of these.

Between lines of `---` stand fragments of YAML: `codes` is a tree that was there before the coding,
`ROCK_attributes` says what is known of cases. How a graph is drawn is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from qdaio.codes import DEEPEST, paths_from_parents
from qdaio.faults import Fault, StudyError
from qdaio.files.source import Source
from qdaio.files.yaml import read_yaml
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, make_frame
from qdaio.reader import Match
from qdaio.spans import Marks

__all__ = ["READER", "RockSource"]

Path = tuple[str, ...]

MOST = 64 * 1024 * 1024  # bytes of one source
SHOWN = 8
MARK = re.compile(r"\[\[([^\[\]\n]{1,500})\]\]")
SPACED = re.compile(r"\s{0,20}" + MARK.pattern)  # bounded: a run of blanks is tried at each of them
INSTANCE = re.compile(r"([A-Za-z]\w*)\s*[=:](?!=)\s*(.+)")
VALUE = re.compile(r"(.+?)\|\|(.*)")  # a code with a magnitude
EDGE = re.compile(r"(.+?)->(.+?)\|\|(.*)")  # a tie between two codes
TELLING = re.compile(r"(?:uid|cid|caseid|coderid|rockcoderid)\s*[=:]", re.IGNORECASE)
PLAIN = re.compile(r"[\w.>\-]+(?:\|\|.*)?")
HEAD = 256 * 1024
SECTION = re.compile(r"\s*---<<[\w-]+>>---\s*|\s*---[\w-]+---\s*")
FENCE = re.compile(r"---\s*")
UTTERANCE = {"uid"}
CODES, ATTRIBUTES = {"codes", "ROCK_codes"}, {"ROCK_attributes", "attributes", "metadata"}
PASSED = {"ROCK_aesthetics", "ROCK_network", "ROCK_sections"}  # how things are drawn
SAID = ("label", "description", "instruction")
CASE, CODER = {"cid", "caseid", "case"}, {"coderid", "rockcoderid"}


@dataclass(slots=True)
class _State:
    """What holds for the lines that follow."""

    instances: dict[str, str] = field(default_factory=dict)
    in_yaml: bool = False
    fragment: list[str] = field(default_factory=list)
    fragments: list[list[str]] = field(default_factory=list)
    ties: int = 0


class RockSource:
    """Reads one source coded by the conventions of ROCK."""

    format = "rock"
    software = "ROCK"
    reads_lines = True

    def recognise(self, source: Source) -> Match | None:
        """Know codes in double brackets."""
        if source.kind != "text":
            return None
        with source.path.open("rb") as stream:
            start = stream.read(HEAD).decode("utf-8-sig", errors="ignore")
        marks = [found[1].strip() for found in MARK.finditer(start)]
        is_rock = any(map(TELLING.match, marks)) or sum(map(_is_code, marks)) > 1
        return Match(0.96, "codes in double square brackets in the text") if is_rock else None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the source.

        Raises
        ------
        StudyError
            When it is not in UTF-8, or larger than any source.
        """
        notes = Notes(source.name)
        marks = Marks(notes)
        state = _State()
        coded: list[tuple[int, int, int, tuple[str, ...], str | None, str | None]] = []
        cases: dict[str, None] = {}
        open_marks: list[int] = []
        pieces: list[str] = []
        length = 0
        for row, line in enumerate(_text(source).splitlines(), 1):
            if not _is_utterance(line, state):
                continue
            if line.count("[[") != line.count("]]"):
                open_marks.append(row)
            words = SPACED.sub("", line).strip()
            start, end = length, length + len(words)
            paths = []
            for found in MARK.finditer(line):
                path, magnitude = _read_mark(found[1].strip(), state)
                if path:
                    paths.append((path, magnitude))
            case = next((state.instances[key] for key in state.instances if key in CASE), None)
            if case:
                cases[case] = None
            coder = next((state.instances[key] for key in state.instances if key in CODER), None)
            for path, magnitude in paths:
                said = "\n".join(
                    filter(
                        None,
                        (
                            f"value: {magnitude}" if magnitude else None,
                            f"case: {case}" if case else None,
                        ),
                    )
                )
                coded.append((row, start, end, path, coder, said or None))
            if words:
                pieces.append(words)
                length = end + 1
        if open_marks:
            rows = ", ".join(map(str, open_marks[:SHOWN])) + (" …" if open_marks[SHOWN:] else "")
            notes.warn(
                f"double brackets open or close alone in the rows {rows}; what they "
                "were to mark is not counted. Mend them."
            )
        if state.in_yaml:
            state.fragments.append(state.fragment)
        known = _Fragments(notes)
        for fragment in state.fragments:
            known.add(fragment)
        tree = known.tree()
        for listed, said_of_it in tree.listed.items():
            marks.code(listed, description=said_of_it)
        document = marks.document(source.path.stem, "\n".join(pieces))
        for row, start, end, path, coder, memo in coded:
            path = tree.whole(path)
            marks.mark(document, path, row, start=start, end=end, coder=coder, memo=memo)
        if state.ties:
            notes.aside("tie", f"{state.ties} ties between codes, which code no words", None)
        project = marks.project(
            ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format),),
            )
        )
        names = list(cases | dict.fromkeys(known.attributes))
        return project.with_(
            attributes=make_frame(
                "attributes",
                [
                    {"entity": "case", "entity_id": case, "name": name, "value": value}
                    | {"source_file": source.name}
                    for case, values in known.attributes.items()
                    for name, value in values.items()
                ],
            ),
            cases=make_frame("cases", {"case_id": names, "name": names}),
            case_documents=make_frame(
                "case_documents",
                {"case_id": list(cases), "document_id": [source.path.stem] * len(cases)},
            ),
        )


@dataclass(frozen=True, slots=True)
class _Tree:
    """Codes that a source lists: their descriptions by path, and paths by what stands in text."""

    listed: dict[Path, str | None]
    by_code: dict[str, Path]

    def whole(self, path: Path) -> Path:
        """Return the path of a code that the text names, alone or from some code on."""
        above = self.by_code.get(path[0])
        if above is None and len(path) == 1:
            return path
        joined = (*above, *path[1:]) if above else path
        return self.by_code.get(path[-1], joined) if joined not in self.listed else joined


class _Fragments:
    """Reads the fragments of YAML of a source."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.attributes: dict[str, dict[str, str]] = {}
        self.nodes: dict[str, tuple[str | None, str, list[str]]] = {}  # parent, name, said
        self.unread = 0

    def add(self, lines: list[str]) -> None:
        """Read one fragment, or count it as not read."""
        if not any(line.strip() for line in lines):
            return
        found = read_yaml(lines)
        if not isinstance(found, dict):
            self.unread += 1
            return
        for key, value in found.items():
            if key in CODES:
                inner = value.get("codes", []) if isinstance(value, dict) else value
                is_one = isinstance(value, dict) and "id" in value
                self._codes([value] if is_one else inner, None, 0)
            elif key in ATTRIBUTES:
                self._attributes(value)
            elif key not in PASSED:
                self.unread += 1

    def tree(self) -> _Tree:
        """Make paths of the codes, and warn of what was not read."""
        if self.unread:
            self.notes.warn(f"{self.unread} YAML fragments are not read: their form is not known.")
        paths = paths_from_parents(
            {key: name for key, (_, name, _) in self.nodes.items()},
            {key: parent for key, (parent, _, _) in self.nodes.items()},
            self.notes.faults,
            file=self.notes.file,
        )
        self.notes.faults.raise_if_any()
        listed: dict[Path, str | None] = {}
        by_code: dict[str, Path] = {}
        for key, path in paths.items():
            _, name, said = self.nodes[key]
            listed[path] = "\n".join(said) or None
            by_code[name] = by_code[key] = path
        return _Tree(listed, by_code)

    def _codes(self, items: Any, parent: str | None, depth: int) -> None:
        if not isinstance(items, list) or depth > DEEPEST:
            self.unread += 1
            return
        for item in items:
            node = item if isinstance(item, dict) else {"id": item}
            key = node.get("id") or node.get("code")
            if not isinstance(key, str) or not key:
                self.unread += 1
                continue
            name = node.get("code") if isinstance(node.get("code"), str) else key
            said = [text for word in SAID if isinstance(text := node.get(word), str) and text]
            above = parent or (node.get("parentId") or None)
            before = self.nodes.get(key)
            if before is not None:  # what two fragments say of one code belongs together
                above, said = above or before[0], list(dict.fromkeys([*before[2], *said]))
            self.nodes[key] = (above if isinstance(above, str) else None, name or key, said)
            if isinstance(above, str):
                self.nodes.setdefault(above, (None, above, []))
            if node.get("children"):
                self._codes(node["children"], key, depth + 1)

    def _attributes(self, items: Any) -> None:
        for item in items if isinstance(items, list) else [items]:
            values = item if isinstance(item, dict) else {}
            case = next((values[key] for key in values if key.casefold() in CASE), None)
            if not isinstance(case, str) or not case:
                self.unread += 1
                continue
            known = self.attributes.setdefault(case, {})
            for name, value in values.items():
                if name.casefold() not in CASE and isinstance(value, str) and value:
                    known[name] = value


READER = RockSource()


def _text(source: Source) -> str:
    found = None
    if source.path.stat().st_size > MOST:
        found = f"more than {MOST:,} bytes"
    else:
        try:
            return source.path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            found = "text that is not UTF-8"
    raise StudyError(
        Fault(
            kind="wrong-format",
            file=source.name,
            found=found,
            expected="a coded source of ROCK in UTF-8",
            remedy="Save the source as plain text in UTF-8.",
        )
    )


def _is_utterance(line: str, state: _State) -> bool:
    """Say whether a line holds words of the source; what stands around them is passed over."""
    if FENCE.fullmatch(line):
        if state.in_yaml:
            state.fragments.append(state.fragment)
        state.fragment = []
        state.in_yaml = not state.in_yaml
        return False
    if state.in_yaml:
        state.fragment.append(line)
        return False
    return not (line.lstrip().startswith("#") or SECTION.fullmatch(line))


def _read_mark(said: str, state: _State) -> tuple[tuple[str, ...], str | None]:
    """Return the path of a code and its magnitude; keep what says whose words they are."""
    if EDGE.fullmatch(said):
        state.ties += 1
        return (), None
    if (valued := VALUE.fullmatch(said)) is not None:
        return _path(valued[1]), valued[2].strip()
    if (instance := INSTANCE.fullmatch(said)) is not None:
        key = instance[1].casefold()
        if key not in UTTERANCE:
            state.instances[key] = instance[2].strip()
        return (), None
    return _path(said), None


def _is_code(said: str) -> bool:
    return PLAIN.fullmatch(said) is not None and not said.isdigit()


def _path(said: str) -> tuple[str, ...]:
    names = tuple(name for part in said.split(">") if (name := part.strip()))
    return names or (said.strip(),)
