"""The codes of a project or codebook, with the memos that say more of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from qdaio.codes import code_id
from qdaio.faults import FaultList
from qdaio.model import SetAside, make_frame
from qdaio.programs.refi.elements import Collected
from qdaio.programs.refi.origin import Origin, guid_of, normalised

__all__ = ["Codes", "Memos", "Part", "read_codes", "read_memos"]


@dataclass(slots=True)
class Part:
    """A file that was collected, and what comes of it.

    Attributes
    ----------
    out : Collected
    origin : Origin
    file : str
        How messages call the file.
    member : str, optional
        The `.qde` inside an archive.
    """

    out: Collected
    origin: Origin
    file: str
    member: str | None = None
    faults: FaultList = field(default_factory=FaultList)
    set_aside: list[SetAside] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def repeated(self, kind: str, what: str, guid: str, row: int) -> None:
        """Tell of an identifier that stands twice: nobody could say which one is meant."""
        self.faults.add(
            kind=f"duplicate-{kind}",
            file=self.file,
            sheet=self.member,
            row=row,
            found=f"{what} with the identifier {guid} of an earlier one",
            expected="an identifier of its own",
            remedy="Export the project again; if it was edited or merged by hand, mend that.",
        )

    def aside(
        self,
        what: str,
        why: str,
        row: int | None = None,
        *,
        code: str | None = None,
        document: str | None = None,
    ) -> None:
        """List something of the file that is not counted."""
        self.set_aside.append(
            SetAside(
                what=what,
                why=why,
                file=self.file,
                row=row,
                sheet=self.member,
                code=code,
                document=document,
            )
        )


@dataclass(frozen=True, slots=True)
class Memos:
    """Memos by normalised GUID: their titles and their texts."""

    titles: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def of(self, guids: Sequence[str] | None, description: str | None = None) -> str | None:
        """Join a description with the memos that are attached to the same thing."""
        said = [description]
        for guid in map(normalised, guids or ()):
            said += [self.titles.get(guid), self.texts.get(guid)]
        return "\n".join(text for text in said if text) or None


def read_memos(part: Part, text_at: Callable[[str], str | None]) -> Memos:
    """Return the memos, and list those attached to nothing.

    Parameters
    ----------
    part : Part
    text_at : callable
        Gives the text of a path inside the archive, where there is one.
    """
    out, memos = part.out, Memos()
    attached = {
        normalised(guid)
        for references in (out.code_notes, out.selection_notes, out.coding_notes)
        for guids in references.values()
        for guid in guids
    }
    free = 0
    for row, stated in enumerate(out.note_guid):
        guid = normalised(stated)
        if guid not in attached:
            free += 1
            continue
        path = out.note_path.get(row)
        text = out.note_text.get(row) or (text_at(path) if path else None)
        memos.titles[guid] = out.note_name[row] or ""
        memos.texts[guid] = text or out.note_description.get(row) or ""
    if free:
        part.aside("memo", f"{free} memos are attached to no code, segment or coding")
    return memos


SPLIT = "::"  # how ATLAS.ti 8 writes `Coke::diet Coke`


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """The codes of a file.

    Attributes
    ----------
    frame : DataFrame
        Frame ``codes`` of the model.
    rows : dict of str to int
        Row of `frame` by normalised GUID.
    """

    frame: pd.DataFrame
    rows: dict[str, int]


@dataclass(slots=True)
class _Tree:
    """Names and parents of codes; -1 for a root, and for `source` of one that was inferred."""

    names: list[str]
    parents: list[int]
    source: list[int]

    def preorder(self) -> Iterator[int]:
        children: dict[int, list[int]] = defaultdict(list)
        for code, parent in enumerate(self.parents):
            children[parent].append(code)
        stack = children[-1][::-1]
        while stack:
            code = stack.pop()
            yield code
            stack.extend(reversed(children[code]))


def read_codes(part: Part, memos: Memos) -> Codes:
    """Build the frame of codes, in the order of the code system.

    Parameters
    ----------
    part : Part
        Gets a fault for each identifier that stands twice.
    memos : Memos
    """
    out = part.out
    guids = [
        normalised(guid) if guid else f"code {row}"
        for row, guid in enumerate(out.code_guid, start=1)
    ]
    first: dict[str, int] = {}
    for row, guid in enumerate(guids):
        if first.setdefault(guid, row) != row:
            part.repeated("code", f"a code {out.code_name[row]!r}", guid, out.code_line[row])
    if nameless := sum(not name for name in out.code_name):
        part.warnings.append(f"{nameless} codes have no name; their identifiers stand for it.")
    tree = _Tree(
        names=[name or guid for name, guid in zip(out.code_name, guids, strict=True)],
        parents=list(out.code_parent),
        source=list(range(len(guids))),
    )
    if part.origin.fakes_hierarchy and (split := _split_names(tree)):
        part.warnings.append(
            f'{split} codes whose names hold "{SPLIT}" are read as sub-codes, as they are meant.'
        )
    return _framed(part, tree, guids, memos)


def _framed(part: Part, tree: _Tree, guids: list[str], memos: Memos) -> Codes:
    out = part.out
    paths: dict[int, tuple[str, ...]] = {-1: ()}
    ids: dict[int, str | None] = {-1: None}
    rows: dict[str, int] = {}
    records: list[tuple[object, ...]] = []
    for code in tree.preorder():
        parent, source = tree.parents[code], tree.source[code]
        path = paths[code] = (*paths[parent], tree.names[code])
        guid = guids[source] if source >= 0 else guid_of("code", code_id(path))
        ids[code] = _natural(path, guid) if part.origin.is_ours else guid
        rows[guid] = len(records)
        records.append(
            (
                ids[code],
                ids[parent],
                path[-1],
                path,
                len(path),
                len(records) + 1,
                source >= 0 and out.code_codable[source],
                out.code_colour[source] if source >= 0 else None,
                memos.of(out.code_notes.get(source), out.code_description.get(source)),
            )
        )
    columns = ["code_id", "parent_id", "name", "path", "level", "position", "is_codable"]
    columns += ["colour", "description"]
    return Codes(make_frame("codes", pd.DataFrame(records, columns=columns)), rows)


def _natural(path: tuple[str, ...], guid: str) -> str:
    """Return the path of a code whose identifier this package made from it."""
    natural = code_id(path)
    return natural if guid == guid_of("code", natural) else guid


def _split_names(tree: _Tree) -> int:
    """Hang codes named ``A::b`` below ``A``; return how many.

    ``A`` must be a code itself, or stand before ``::`` in two names at least: then it is
    added, as a heading. A single name with ``::`` may be just that.
    """
    whole = {name: code for code, name in enumerate(tree.names) if tree.parents[code] < 0}
    heads = Counter(
        name.rpartition(SPLIT)[0] for name in whole if SPLIT in name and not name.endswith(SPLIT)
    )
    moved = 0
    for name, code in list(whole.items()):
        head, _, leaf = name.rpartition(SPLIT)
        if not head or not leaf or (head not in whole and heads[head] < 2):
            continue
        if head not in whole:
            whole[head] = len(tree.names)
            tree.names.append(head)
            tree.parents.append(-1)
            tree.source.append(-1)
        tree.names[code], tree.parents[code] = leaf, whole[head]
        moved += 1
    return moved
