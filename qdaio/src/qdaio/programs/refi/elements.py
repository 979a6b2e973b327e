"""One pass over the XML of a project or codebook: everything it holds, as plain columns.

Each element has a handler, called as the parser meets it; a tree of the whole file is never
built. What the columns mean together is for the modules that read them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from qdaio.faults import Fault, StudyError
from qdaio.files.xml import Readable, Walker
from qdaio.places import MISSING, rectangle

__all__ = ["KINDS", "RECTANGLE", "SYNC", "TEXT", "TIME", "WHOLE", "Collected", "Lost", "collect"]


TEXT, RECTANGLE, TIME, SYNC, WHOLE = range(5)  # shapes of selections

KINDS = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "image",
    "AudioSource": "audio",
    "VideoSource": "video",
}


class Interned(dict[str | None, int]):
    """Numbers for words, in the order in which they are asked for."""

    def __missing__(self, word: str | None) -> int:
        number = self[word] = len(self)
        return number


@dataclass(slots=True, kw_only=True)
class Lost:
    """A coding that cannot be counted, and why."""

    why: str
    line: int
    source: int = -1
    code: str | None = None


@dataclass(slots=True)
class Collected:
    """Columns of everything that a `.qde` or `.qdc` holds; rows in the order of the file.

    Names of columns say what they hold. Numbers refer to rows: ``coding_selection`` to
    those of ``selection_…``, ``selection_source`` to those of ``source_…``, and so on;
    ``coding_code``, ``coding_user`` and dates are numbers of :class:`Interned` words.
    Dictionaries hold what only few rows have.
    """

    root: str = ""
    origin: str | None = None

    users: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    note_guid: list[str] = field(default_factory=list)
    note_name: list[str | None] = field(default_factory=list)
    note_path: dict[int, str] = field(default_factory=dict)
    note_text: dict[int, str] = field(default_factory=dict)
    note_description: dict[int, str] = field(default_factory=dict)

    code_guid: list[str] = field(default_factory=list)
    code_name: list[str | None] = field(default_factory=list)
    code_parent: array[int] = field(default_factory=lambda: array("i"))
    code_codable: list[bool] = field(default_factory=list)
    code_colour: list[str | None] = field(default_factory=list)
    code_line: array[int] = field(default_factory=lambda: array("q"))
    code_description: dict[int, str] = field(default_factory=dict)
    code_notes: dict[int, list[str]] = field(default_factory=dict)

    source_guid: list[str] = field(default_factory=list)
    source_name: list[str | None] = field(default_factory=list)
    source_kind: list[str] = field(default_factory=list)
    source_first: array[int] = field(default_factory=lambda: array("q"))  # selection of a source
    source_line: array[int] = field(default_factory=lambda: array("q"))
    source_path: dict[int, str] = field(default_factory=dict)
    source_text: dict[int, str] = field(default_factory=dict)
    source_description: dict[int, str] = field(default_factory=dict)
    source_values: list[tuple[int, str, str | None, int]] = field(default_factory=list)

    selection_start: array[int] = field(default_factory=lambda: array("q"))
    selection_end: array[int] = field(default_factory=lambda: array("q"))
    selection_name: list[str | None] = field(default_factory=list)
    selection_shape: dict[int, int] = field(default_factory=dict)  # of those that are no TEXT
    selection_line: dict[int, int] = field(default_factory=dict)  # of those without a coding
    selection_place: dict[int, str] = field(default_factory=dict)
    selection_quote: dict[int, str] = field(default_factory=dict)
    selection_comment: dict[int, str] = field(default_factory=dict)
    selection_notes: dict[int, list[str]] = field(default_factory=dict)
    selection_guid: dict[int, str] = field(default_factory=dict)  # of those that can have a twin
    selection_sync: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    sync_points: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)

    coding_selection: array[int] = field(default_factory=lambda: array("i"))
    coding_code: array[int] = field(default_factory=lambda: array("i"))
    coding_user: array[int] = field(default_factory=lambda: array("i"))
    coding_date: array[int] = field(default_factory=lambda: array("i"))
    coding_line: array[int] = field(default_factory=lambda: array("q"))
    coding_notes: dict[int, list[str]] = field(default_factory=dict)
    codes_named: Interned = field(default_factory=Interned)
    users_named: Interned = field(default_factory=Interned)
    dates_named: Interned = field(default_factory=Interned)
    lost: list[Lost] = field(default_factory=list)

    cases: list[tuple[str | None, str | None, int]] = field(default_factory=list)
    case_sources: list[tuple[int, str]] = field(default_factory=list)
    case_values: list[tuple[int, str, str | None, int]] = field(default_factory=list)
    case_selections: int = 0
    case_codes: int = 0

    sets: list[str] = field(default_factory=list)
    set_sources: list[tuple[int, str]] = field(default_factory=list)
    set_codes: dict[int, int] = field(default_factory=dict)

    links: int = 0
    graphs: int = 0
    unknown: dict[str, int] = field(default_factory=dict)
    names_left_out: int = 0


NOWHERE = ("nowhere", -1)
SOURCE_LIKE = frozenset({"source", "representation", "transcript"})
MOST = {"codes": 100_000, "documents": 1_000_000, "users": 100_000, "cases": 1_000_000}


@dataclass(slots=True)
class Context:
    """State of a pass over a file.

    Attributes
    ----------
    walker : Walker
    out : Collected
    file : str
        How messages call the file.
    stack : list of (str, int)
        The elements that are open and can own others, outermost first: what each is, and
        its row in the columns. Its last one owns what comes next.
    """

    walker: Walker
    out: Collected
    file: str
    stack: list[tuple[str, int]] = field(default_factory=lambda: [NOWHERE])

    def close(self) -> None:
        """Leave the innermost open element."""
        self.stack.pop()

    def bound(self, what: str, count: int) -> None:
        """Refuse a file that holds more of something than people make."""
        if count > MOST[what]:
            raise StudyError(
                Fault(
                    kind="too-large",
                    file=self.file,
                    row=self.walker.line,
                    found=f"more than {MOST[what]} {what}",
                    expected="a project that people made",
                    remedy="Export a part of the project at a time.",
                )
            )


def position(attributes: Mapping[str, str], name: str) -> int:
    """Read a whole number of an attribute; MISSING where there is none that could be one."""
    try:
        number = int(attributes[name])
    except (KeyError, ValueError):
        return MISSING
    return number if abs(number) < -MISSING else MISSING


def target(attributes: Mapping[str, str]) -> str | None:
    """Read what a reference refers to; the standard's own examples spell it in two ways."""
    return attributes.get("targetGUID") or attributes.get("guid")


SILENT = "Users Codes Variables Cases Sources Notes Sets Links Graphs Graph Vertex Edge MemberNote"
PARTS = {
    "Representation": "representation",
    "TextDescription": "representation",
    "Transcript": "transcript",
}


def _register_structure(context: Context) -> None:
    """Register what is to be done at the root, users, codes and sources."""
    for name in SILENT.split():
        context.walker.starts[name] = None
    _register_root(context)
    _register_codes(context)
    _register_sources(context)
    _register_texts(context)


def _register_root(context: Context) -> None:
    out = context.out

    def project(attributes: dict[str, str]) -> None:
        if not out.root:
            out.root, out.origin = "Project", attributes.get("origin")

    def codebook(attributes: dict[str, str]) -> None:
        if not out.root:
            out.root, out.origin = "CodeBook", attributes.get("origin")

    def user(attributes: dict[str, str]) -> None:
        context.bound("users", len(out.users))
        name, initials = attributes.get("name"), attributes.get("id")
        out.users.append((attributes.get("guid") or name or initials or "", name, initials))

    def link(_: dict[str, str]) -> None:
        out.links += 1

    def graph(_: dict[str, str]) -> None:
        out.graphs += 1

    context.walker.starts.update(
        {"Project": project, "CodeBook": codebook, "User": user, "Link": link, "Graph": graph}
    )


def _register_codes(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def code(attributes: dict[str, str]) -> None:
        row = len(out.code_guid)
        context.bound("codes", row)
        owner, parent = stack[-1]
        out.code_guid.append(attributes.get("guid", ""))
        out.code_name.append(attributes.get("name"))
        out.code_parent.append(parent if owner == "code" else -1)
        out.code_codable.append(attributes.get("isCodable", "true").strip() in ("true", "1"))
        out.code_colour.append(attributes.get("color"))
        out.code_line.append(walker.line)
        stack.append(("code", row))

    walker.starts["Code"], walker.ends["Code"] = code, context.close


def _register_sources(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def source(kind: str, attributes: dict[str, str]) -> None:
        row = len(out.source_guid)
        context.bound("documents", row)
        out.source_guid.append(attributes.get("guid", ""))
        out.source_name.append(attributes.get("name"))
        out.source_kind.append(kind)
        out.source_first.append(len(out.selection_name))
        out.source_line.append(walker.line)
        if path := attributes.get("plainTextPath"):
            out.source_path[row] = path
        stack.append(("source", row))

    def part(role: str, attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        if owner != "source":
            stack.append(("quote" if owner == "selection" else "misplaced", row))
            return
        if path := attributes.get("plainTextPath"):
            out.source_path.setdefault(row, path)
        stack.append((role, row))

    for name, kind in KINDS.items():
        walker.starts[name], walker.ends[name] = partial(source, kind), context.close
    for name, role in PARTS.items():
        walker.starts[name], walker.ends[name] = partial(part, role), context.close


def _register_texts(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def sync_point(attributes: dict[str, str]) -> None:
        time, place = position(attributes, "timeStamp"), position(attributes, "position")
        out.sync_points[attributes.get("guid", "")] = (
            None if time == MISSING else time,
            None if place == MISSING else place,
        )

    def keep(_: dict[str, str]) -> None:
        walker.keep_text()

    def content() -> None:
        text = walker.take_text()
        owner, row = stack[-1]
        if owner in SOURCE_LIKE:
            out.source_text.setdefault(row, text)
        elif owner == "quote":
            out.selection_quote[row] = text
        elif owner == "note":
            out.note_text[row] = text

    def description() -> None:
        text = walker.take_text()
        owner, row = stack[-1]
        kept = {
            "code": out.code_description,
            "source": out.source_description,
            "representation": out.source_description,
            "transcript": out.source_description,
            "selection": out.selection_comment,
            "note": out.note_description,
        }.get(owner)
        if kept is not None and text:
            kept.setdefault(row, text)

    walker.starts["SyncPoint"] = sync_point
    walker.starts["PlainTextContent"], walker.ends["PlainTextContent"] = keep, content
    walker.starts["Description"], walker.ends["Description"] = keep, description


VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")


def _register_surroundings(context: Context) -> None:
    """Register what is to be done at cases, variables, sets and memos."""
    _register_cases(context)
    _register_values(context)
    _register_sets(context)
    _register_notes(context)


def _register_cases(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def case(attributes: dict[str, str]) -> None:
        row = len(out.cases)
        context.bound("cases", row)
        out.cases.append((attributes.get("guid"), attributes.get("name"), walker.line))
        stack.append(("case", row))

    def source_ref(attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        if owner == "case" and (guid := target(attributes)):
            out.case_sources.append((row, guid))

    def selection_ref(_: dict[str, str]) -> None:
        out.case_selections += 1

    walker.starts["Case"], walker.ends["Case"] = case, context.close
    walker.starts["SourceRef"] = source_ref
    walker.starts["SelectionRef"] = selection_ref


def _register_values(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker
    variable: list[str] = []
    value: list[str] = []
    line = [0]

    def define(attributes: dict[str, str]) -> None:
        guid, name = attributes.get("guid", ""), attributes.get("name")
        out.variables[guid] = name or guid
        stack.append(("variable", -1))

    def begin(_: dict[str, str]) -> None:
        variable.clear()
        value.clear()
        line[0] = walker.line

    def refer(attributes: dict[str, str]) -> None:
        if guid := target(attributes):
            variable.append(guid)

    def keep(_: dict[str, str]) -> None:
        walker.keep_text()

    def take() -> None:
        value.append(walker.take_text())

    def end() -> None:
        owner, row = stack[-1]
        kept = {"source": out.source_values, "case": out.case_values}.get(owner)
        if kept is not None and variable:
            kept.append((row, variable[0], value[0] if value else None, line[0]))

    walker.starts["Variable"], walker.ends["Variable"] = define, context.close
    walker.starts["VariableValue"], walker.ends["VariableValue"] = begin, end
    walker.starts["VariableRef"] = refer
    for name in VALUES:
        walker.starts[name], walker.ends[name] = keep, take


def _register_sets(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def group(attributes: dict[str, str]) -> None:
        out.sets.append(attributes.get("name") or attributes.get("guid") or "")
        stack.append(("set", len(out.sets) - 1))

    def member_source(attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        if owner == "set" and (guid := target(attributes)):
            out.set_sources.append((row, guid))

    def member_code(_: dict[str, str]) -> None:
        owner, row = stack[-1]
        if owner == "set":
            out.set_codes[row] = out.set_codes.get(row, 0) + 1

    walker.starts["Set"], walker.ends["Set"] = group, context.close
    walker.starts["MemberSource"] = member_source
    walker.starts["MemberCode"] = member_code


def _register_notes(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def note(attributes: dict[str, str]) -> None:
        row = len(out.note_guid)
        out.note_guid.append(attributes.get("guid", ""))
        out.note_name.append(attributes.get("name"))
        if path := attributes.get("plainTextPath"):
            out.note_path[row] = path
        stack.append(("note", row))

    def note_ref(attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        kept = {
            "code": out.code_notes,
            "selection": out.selection_notes,
            "coding": out.coding_notes,
        }.get(owner)
        if kept is not None and (guid := target(attributes)):
            kept.setdefault(row, []).append(guid)

    walker.starts["Note"], walker.ends["Note"] = note, context.close
    walker.starts["NoteRef"] = note_ref


MAX_NAMES = 128 * 1024 * 1024  # characters of names of selections that are kept
IN_A_MEMO = "it stands in a memo, which is no document"
MISPLACED = "it stands in an element where no coding belongs"
NO_CODE = "it names no code"


def _register_codings(context: Context) -> None:
    """Register what is to be done at selections, codings and references to codes."""
    out, stack, walker = context.out, context.stack, context.walker
    parser = walker.parser
    push, pop = stack.append, stack.pop
    starts, ends, names = out.selection_start, out.selection_end, out.selection_name
    lines = out.coding_line
    add_selection, add_code = out.coding_selection.append, out.coding_code.append
    add_user, add_date, add_line = out.coding_user.append, out.coding_date.append, lines.append
    codes_named, users_named, dates_named = out.codes_named, out.users_named, out.dates_named
    room = MAX_NAMES
    creator: str | None = None  # of the open selection
    created: str | None = None
    coded_before = 0
    applied = (0, 0, 0, 0)  # selection, user, date and line of the open coding

    def add(shape: int, start: int, end: int, name: str | None) -> int:
        nonlocal room
        row = len(names)
        if name:
            room -= len(name)
            if room < 0:
                out.names_left_out += 1
                name = None
        starts.append(start)
        ends.append(end)
        names.append(name)
        if shape != TEXT:
            out.selection_shape[row] = shape
        return row

    def selection(shape: int, first: str, last: str) -> Callable[[dict[str, str]], None]:
        def start(attributes: dict[str, str]) -> None:
            nonlocal creator, created, coded_before
            owner, _ = stack[-1]
            if owner not in SOURCE_LIKE:
                push((owner if owner == "note" else "misplaced", -1))
                return
            get = attributes.get
            creator, created, coded_before = (
                get("creatingUser"),
                get("creationDateTime"),
                len(lines),
            )
            try:
                begin, end = int(attributes[first]), int(attributes[last])
                if not (MISSING < begin < -MISSING and MISSING < end < -MISSING):
                    begin = end = MISSING
            except (KeyError, ValueError):
                begin, end = position(attributes, first), position(attributes, last)
            row = add(shape, begin, end, get("name"))
            if shape == RECTANGLE:
                out.selection_place[row] = rectangle(attributes)
            elif shape == SYNC:
                out.selection_sync[row] = get("fromSyncPoint"), get("toSyncPoint")
            if shape == RECTANGLE or owner == "representation":
                out.selection_guid[row] = get("guid", "")
            push(("selection", row))

        return start

    def end_selection() -> None:
        owner, row = pop()
        if len(lines) == coded_before and owner == "selection":
            out.selection_line[row] = walker.line

    def coding(attributes: dict[str, str]) -> None:
        nonlocal applied
        owner, row = stack[-1]
        get = attributes.get
        user, date = get("creatingUser"), get("creationDateTime")
        if owner == "selection":
            user, date = user or creator, date or created
        elif owner in SOURCE_LIKE:
            row = add(WHOLE, MISSING, MISSING, None)
        else:
            push(("lost coding", -1))
            why = IN_A_MEMO if owner == "note" else MISPLACED
            out.lost.append(Lost(why=why, line=walker.line))
            return
        applied = row, users_named[user], dates_named[date], parser.CurrentLineNumber
        push(("coding", len(lines)))

    def end_coding() -> None:
        owner, first = pop()
        if len(lines) == first and owner == "coding":
            out.coding_notes.pop(first, None)
            out.lost.append(Lost(why=NO_CODE, line=applied[3], source=len(out.source_guid) - 1))

    def code_ref(attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        code = attributes.get("targetGUID") or target(attributes)
        if owner == "coding":
            if not code:
                return
            row, user, date, line = applied
        elif owner == "case":
            out.case_codes += 1
            return
        elif owner == "lost coding":
            out.lost[-1].code = code
            return
        elif (owner != "selection" and owner not in SOURCE_LIKE) or not code:
            misplaced = IN_A_MEMO if owner == "note" else MISPLACED
            out.lost.append(Lost(why=misplaced if code else NO_CODE, line=walker.line, code=code))
            return
        else:
            line = walker.line
            is_selection = owner == "selection"
            user = users_named[creator if is_selection else None]
            date = dates_named[created if is_selection else None]
            row = row if is_selection else add(WHOLE, MISSING, MISSING, None)
        add_selection(row)
        add_code(codes_named[code])
        add_user(user)
        add_date(date)
        add_line(line)

    at_start, at_end = walker.starts, walker.ends
    at_start["PlainTextSelection"] = selection(TEXT, "startPosition", "endPosition")
    at_start["PDFSelection"] = selection(RECTANGLE, "page", "page")
    at_start["PictureSelection"] = selection(RECTANGLE, "", "")
    at_start["AudioSelection"] = at_start["VideoSelection"] = selection(TIME, "begin", "end")
    at_start["TranscriptSelection"] = selection(SYNC, "", "")
    for name in [name for name in at_start if name.endswith("Selection")]:
        at_end[name] = end_selection
    at_start["Coding"], at_end["Coding"] = coding, end_coding
    at_start["CodeRef"] = code_ref


def collect(stream: Readable, file: str, sheet: str | None = None) -> Collected:
    """Read a `.qde` or `.qdc`.

    Parameters
    ----------
    stream : Readable
        Its bytes.
    file, sheet : str
        How messages call the file, and the member of an archive.

    Raises
    ------
    StudyError
        When it is no well-formed XML, or could do harm (see :class:`Walker`).
    """
    walker, out = Walker(stream, file, sheet), Collected()
    context = Context(walker, out, file)
    _register_structure(context)
    _register_surroundings(context)
    _register_codings(context)
    walker.walk()
    out.unknown = walker.unknown
    return out
