"""Selections and the codings in them, as they stand in the sources of a project file.

The hot path: a few plain appends per element.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.exports.offsets import MISSING
from analysis.exports.refi.collected import RECTANGLE, SYNC, TEXT, TIME, WHOLE, Lost
from analysis.exports.refi.context import SOURCE_LIKE, Context, position, target
from analysis.exports.refi.places import rectangle

__all__ = ["register_codings"]

MAX_NAMES = 128 * 1024 * 1024  # characters of names of selections that are kept
IN_A_MEMO = "it stands in a memo, which is no document"
MISPLACED = "it stands in an element where no coding belongs"
NO_CODE = "it names no code"


def register_codings(context: Context) -> None:
    """Register what is to be done at selections, codings and references to codes."""
    out, stack, walker = context.out, context.stack, context.walker
    push = stack.append
    room = MAX_NAMES
    open_coding: list[tuple[int, int, int, int]] = []  # selection, user, date, line
    creator: list[tuple[str | None, str | None]] = [(None, None)]  # of the open selection

    def add(source: int, shape: int, start: int, end: int, name: str | None) -> int:
        nonlocal room
        if name:
            room -= len(name)
            if room < 0:
                out.names_left_out += 1
                name = None
        out.selection_source.append(source)
        out.selection_shape.append(shape)
        out.selection_start.append(start)
        out.selection_end.append(end)
        out.selection_line.append(walker.line)
        out.selection_name.append(name)
        return len(out.selection_name) - 1

    def selection(shape: int, first: str, last: str) -> Callable[[dict[str, str]], None]:
        def start(attributes: dict[str, str]) -> None:
            owner, source = stack[-1]
            if owner not in SOURCE_LIKE:
                push((owner if owner == "note" else "misplaced", source))
                return
            get = attributes.get
            creator[0] = get("creatingUser"), get("creationDateTime")
            begin, end = position(attributes, first), position(attributes, last)
            row = add(source, shape, begin, end, get("name"))
            if shape == RECTANGLE:
                out.selection_place[row] = rectangle(attributes)
            elif shape == SYNC:
                out.selection_sync[row] = get("fromSyncPoint"), get("toSyncPoint")
            if shape == RECTANGLE or owner == "representation":
                out.selection_guid[row] = get("guid", "")
            push(("selection", row))

        return start

    def coding(attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        get = attributes.get
        user, date = get("creatingUser"), get("creationDateTime")
        if owner == "selection":
            user, date = user or creator[0][0], date or creator[0][1]
        elif owner in SOURCE_LIKE:
            row = add(row, WHOLE, MISSING, MISSING, None)
        else:
            push(("lost coding", -1))
            why = IN_A_MEMO if owner == "note" else MISPLACED
            out.lost.append(Lost(why=why, line=walker.line))
            return
        line = walker.line
        open_coding.append((row, out.users_named[user], out.dates_named[date], line))
        push(("coding", len(out.coding_line)))

    def end_coding() -> None:
        owner, first = stack.pop()
        if owner != "coding":
            return
        row, _, _, line = open_coding.pop()
        if len(out.coding_line) == first:
            out.coding_notes.pop(first, None)
            out.lost.append(Lost(why=NO_CODE, line=line, source=out.selection_source[row]))

    def code_ref(attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        if owner == "coding":
            made = open_coding[-1]
        elif owner == "selection":
            made = (
                row,
                out.users_named[creator[0][0]],
                out.dates_named[creator[0][1]],
                walker.line,
            )
        elif owner in SOURCE_LIKE:
            whole = add(row, WHOLE, MISSING, MISSING, None)
            made = (whole, out.users_named[None], out.dates_named[None], walker.line)
        elif owner == "case":
            out.case_codes += 1
            return
        elif owner == "lost coding":
            out.lost[-1].code = target(attributes)
            return
        else:
            why = IN_A_MEMO if owner == "note" else MISPLACED
            out.lost.append(Lost(why=why, line=walker.line, code=target(attributes)))
            return
        code = target(attributes)
        if not code:
            if owner != "coding":
                out.lost.append(Lost(why=NO_CODE, line=walker.line))
            return
        selection_row, user, date, line = made
        out.coding_selection.append(selection_row)
        out.coding_code.append(out.codes_named[code])
        out.coding_user.append(user)
        out.coding_date.append(date)
        out.coding_line.append(line)

    starts, ends = walker.starts, walker.ends
    starts["PlainTextSelection"] = selection(TEXT, "startPosition", "endPosition")
    starts["PDFSelection"] = selection(RECTANGLE, "page", "page")
    starts["PictureSelection"] = selection(RECTANGLE, "", "")
    starts["AudioSelection"] = starts["VideoSelection"] = selection(TIME, "begin", "end")
    starts["TranscriptSelection"] = selection(SYNC, "", "")
    for name in [name for name in starts if name.endswith("Selection")]:
        ends[name] = context.close
    starts["Coding"], ends["Coding"] = coding, end_coding
    starts["CodeRef"] = code_ref
