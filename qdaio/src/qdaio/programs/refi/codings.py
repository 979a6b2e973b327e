"""Selections and the codings in them, as they stand in the sources of a project file.

The hot path: a few plain appends per element.
"""

from __future__ import annotations

from collections.abc import Callable

from qdaio.places import MISSING, rectangle
from qdaio.programs.refi.collected import RECTANGLE, SYNC, TEXT, TIME, WHOLE, Lost
from qdaio.programs.refi.context import SOURCE_LIKE, Context, position, target

__all__ = ["register_codings"]

MAX_NAMES = 128 * 1024 * 1024  # characters of names of selections that are kept
IN_A_MEMO = "it stands in a memo, which is no document"
MISPLACED = "it stands in an element where no coding belongs"
NO_CODE = "it names no code"


def register_codings(context: Context) -> None:
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
