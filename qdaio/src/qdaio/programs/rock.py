"""ROCK, the Reproducible Open Coding Kit: codes in double square brackets, in the text itself.

A line is an utterance, the unit that is coded. `[[code]]` and `[[parent>child]]` code the line
they stand in; `[[cid=1]]` and other `[[key=value]]` say whose words the lines are, until another
says otherwise; `[[uid=…]]` only numbers a line. The text is read without all of these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qdaio.faults import Fault, StudyError
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, make_frame
from qdaio.reader import Match
from qdaio.spans import Marks

__all__ = ["READER", "RockSource"]

MOST = 64 * 1024 * 1024  # bytes of one source
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
CASE, CODER = {"cid", "caseid", "case"}, {"coderid", "rockcoderid"}


@dataclass(slots=True)
class _State:
    """What holds for the lines that follow."""

    instances: dict[str, str] = field(default_factory=dict)
    in_yaml: bool = False
    fragments: int = 0
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
        pieces: list[str] = []
        length = 0
        for row, line in enumerate(_text(source).splitlines(), 1):
            if not _is_utterance(line, state):
                continue
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
        document = marks.document(source.path.stem, "\n".join(pieces))
        for row, start, end, path, coder, memo in coded:
            marks.mark(document, path, row, start=start, end=end, coder=coder, memo=memo)
        if state.fragments:
            notes.warn(
                f"{state.fragments} YAML fragments (attributes, deductive codes) are not read."
            )
        if state.ties:
            notes.aside("tie", f"{state.ties} ties between codes, which code no words", None)
        project = marks.project(
            ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format),),
            )
        )
        names = list(cases)
        return project.with_(
            cases=make_frame("cases", {"case_id": names, "name": names}),
            case_documents=make_frame(
                "case_documents",
                {"case_id": names, "document_id": [source.path.stem] * len(names)},
            ),
        )


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
        state.fragments += not state.in_yaml
        state.in_yaml = not state.in_yaml
        return False
    return not (state.in_yaml or line.lstrip().startswith("#") or SECTION.fullmatch(line))


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
    return tuple(name for part in said.split(">") if (name := part.strip()))
