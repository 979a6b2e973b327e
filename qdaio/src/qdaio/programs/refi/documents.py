"""The sources of a project as documents: texts, groups, cases and variables."""

from __future__ import annotations

import codecs
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

import pandas as pd

from qdaio.codes import document_id
from qdaio.files.archive import Archive
from qdaio.labels import unique
from qdaio.model import make_frame
from qdaio.programs.refi.codebook import Part
from qdaio.programs.refi.origin import described, guid_of, normalised

__all__ = ["Documents", "Text", "Texts", "decoded", "read_cases", "read_documents"]


MIB = 1024 * 1024
MOST, MOST_OF_ALL = 32 * MIB, 96 * MIB  # bytes
SCHEME = "internal://"
RELATIVE = "relative://"
OUTSIDE = ("absolute:", "file:", "http:", "https:")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it was read.

    Attributes
    ----------
    content : str
        Without a byte order mark, with the line breaks of the file.
    had_bom, is_guessed : bool
        Whether it had a byte order mark; whether its encoding is a guess.
    """

    content: str
    had_bom: bool = False
    is_guessed: bool = False


class Texts:
    """Looks up texts by the paths that a project file states.

    Parameters
    ----------
    archive : Archive, optional
        None for a bare `.qde`, which has no files.
    folder : str
        Folder of the `.qde` inside the archive, with a final ``/``, or nothing.
    """

    def __init__(self, archive: Archive | None = None, folder: str = "") -> None:
        self._archive, self._folder = archive, folder
        self._left = MOST_OF_ALL
        names: Iterable[str] = archive.names if archive else ()
        self._by_path = {name.lower(): name for name in names}
        self._by_name = {PurePosixPath(name).name.lower(): name for name in names}

    def at(self, path: str) -> Text | None:
        """Return the text of a path such as ``internal://GUID.txt``, if it is there.

        Some programs leave the scheme out, add the folder, or write ``Sources``. Paths
        outside the archive are never opened.
        """
        if self._archive is None or path.startswith(OUTSIDE):
            return None
        # a relative path leads out of the project, but what it names can stand inside as well
        inside = path.removeprefix(SCHEME).removeprefix(RELATIVE).replace("\\", "/").lstrip("/")
        for stated in dict.fromkeys((inside, unquote(inside))):
            plain = stated.lower()
            folder = self._folder.lower()
            name = (
                self._by_path.get(f"{folder}sources/{plain}")
                or self._by_path.get(f"{folder}{plain}")
                or self._by_name.get(PurePosixPath(plain).name)
            )
            if name is not None:
                raw = self._archive.read(name, min(MOST, self._left))
                self._left -= len(raw)
                return decoded(raw)
        return None


def decoded(raw: bytes) -> Text:
    """Decode a text: UTF-8 as the standard says, UTF-16, or at worst Windows-1252."""
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if raw.startswith(bom):
            content = raw[len(bom) :].decode(encoding, errors="replace")
            return Text(content, had_bom=True, is_guessed="\ufffd" in content)
    try:
        return Text(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return Text(raw.decode("cp1252", errors="replace"), is_guessed=True)


GROUPED_BY_SETS = ("MAXQDA",)  # the first set of a document is its group there


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The documents of a file.

    Attributes
    ----------
    frame : DataFrame
        Frame ``documents`` of the model, one row per source, in the order of the file.
    rows : dict of str to int
        Row by normalised GUID.
    texts : list of Text or None
        What the positions in each source count; also of those whose text is but made of
        its segments and therefore not in `frame`.
    segments_only : set of int
        Rows of the latter.
    sets : list of (int, str)
        Row of a document and name of a set that is not its group.
    """

    frame: pd.DataFrame
    rows: dict[str, int]
    texts: list[Text | None]
    segments_only: set[int]
    sets: list[tuple[int, str]]


def read_documents(part: Part, texts: Texts) -> Documents:
    """Build the frame of documents.

    Parameters
    ----------
    part : Part
        Gets a fault for each identifier that stands twice.
    texts : Texts
    """
    out = part.out
    guids = [
        normalised(guid) if guid else f"source {row}"
        for row, guid in enumerate(out.source_guid, start=1)
    ]
    rows: dict[str, int] = {}
    for row, guid in enumerate(guids):
        if rows.setdefault(guid, row) != row:
            part.repeated("document", "a source", guid, out.source_line[row])
    names = [
        name or PurePosixPath(out.source_path.get(row, guids[row])).stem
        for row, name in enumerate(out.source_name)
    ]
    read = _read_texts(part, texts)
    groups, sets = _groups(part, rows)
    segments_only: set[int] = set()
    kinds: list[str | None] = list(out.source_kind)
    ids = list(guids)
    if part.origin.is_ours:
        for row, said in out.source_description.items():
            is_made_up, kinds[row] = described(said, out.source_kind[row])
            if is_made_up:
                segments_only.add(row)
        for row, guid in enumerate(guids):
            natural = document_id(groups.get(row), names[row])
            ids[row] = natural if guid == guid_of("document", natural) else guid
    frame = make_frame(
        "documents",
        {
            "document_id": ids,
            "name": names,
            "group": [groups.get(row) for row in range(len(ids))],
            "kind": kinds,
            "text": [
                text.content if text and row not in segments_only else None
                for row, text in enumerate(read)
            ],
            "position": range(1, len(ids) + 1),
        },
    )
    return Documents(frame, rows, read, segments_only, sets)


def _read_texts(part: Part, texts: Texts) -> list[Text | None]:
    out = part.out
    read: list[Text | None] = []
    missing = guessed = 0
    for row, kind in enumerate(out.source_kind):
        inline, path = out.source_text.get(row), out.source_path.get(row)
        if inline is not None:
            text: Text | None = Text(inline)
        else:
            text = texts.at(path) if path else None
        missing += text is None and (path is not None or kind == "text")
        guessed += text is not None and text.is_guessed
        read.append(text)
    if missing:
        part.warnings.append(
            f"The texts of {missing} documents are not in the file; their segments are counted, "
            "but could not be held against a text."
        )
    if guessed:
        part.warnings.append(
            f"The texts of {guessed} documents are not in UTF-8; their encoding was guessed."
        )
    return read


def _groups(part: Part, rows: dict[str, int]) -> tuple[dict[int, str], list[tuple[int, str]]]:
    """Find the group of each document among the sets, and the sets that are no groups.

    Sets in which each document stands once at most are groups. Where they overlap, as
    those of ATLAS.ti do, they are no groups but properties.
    """
    out = part.out
    of_document: dict[int, list[str]] = defaultdict(list)
    unknown = 0
    for number, guid in out.set_sources:
        row = rows.get(normalised(guid))
        unknown += row is None
        if row is not None and out.sets[number] not in of_document[row]:
            of_document[row].append(out.sets[number])
    if unknown:
        part.warnings.append(f"Sets refer to {unknown} documents that the file does not hold.")
    are_groups = all(len(names) == 1 for names in of_document.values())
    if are_groups or part.origin.software in GROUPED_BY_SETS:
        groups = {row: names[0] for row, names in of_document.items()}
        others = [(row, name) for row in sorted(of_document) for name in of_document[row][1:]]
        return groups, others
    return {}, [(row, name) for row in sorted(of_document) for name in of_document[row]]


SET = "Set: "


def read_cases(part: Part, documents: Documents) -> dict[str, pd.DataFrame]:
    """Build the frames ``cases``, ``case_documents`` and ``attributes``.

    A case without a name that refers to documents is but the carrier of their variables
    (MAXQDA), so its values become attributes of those documents.
    """
    out = part.out
    ids = documents.frame["document_id"].tolist()
    sources: dict[int, list[int]] = {}
    unknown = 0
    for case, guid in out.case_sources:
        row = documents.rows.get(normalised(guid))
        unknown += row is None
        if row is not None and row not in sources.setdefault(case, []):
            sources[case].append(row)
    carriers = {row for row, (_, name, _) in enumerate(out.cases) if not name and row in sources}
    people = [row for row in range(len(out.cases)) if row not in carriers]
    names = [out.cases[row][1] or normalised(out.cases[row][0] or "") or "?" for row in people]
    labels = dict(zip(people, unique(names), strict=True))
    values: list[tuple[str, str, str, str | None, int | None]] = []
    variables = {normalised(guid): name for guid, name in out.variables.items()}

    def add(entity: str, identifier: str, variable: str, value: str | None, line: int) -> None:
        guid = normalised(variable)
        values.append((entity, identifier, variables.get(guid, guid), value, line))

    for source, variable, value, line in out.source_values:
        add("document", ids[source], variable, value, line)
    for case, variable, value, line in out.case_values:
        if case in carriers:
            for row in sources[case]:
                add("document", ids[row], variable, value, line)
        else:
            add("case", labels[case], variable, value, line)
    for row, name in documents.sets:
        values.append(("document", ids[row], SET + name, "yes", None))
    _warn(part, unknown)
    pairs = [(labels[case], ids[row]) for case in people for row in sources.get(case, ())]
    attributes = pd.DataFrame(
        values, columns=["entity", "entity_id", "name", "value", "source_row"]
    )
    return {
        "cases": make_frame("cases", {"case_id": list(labels.values()), "name": names}),
        "case_documents": make_frame(
            "case_documents", pd.DataFrame(pairs, columns=["case_id", "document_id"])
        ),
        "attributes": make_frame("attributes", attributes),
    }


def _warn(part: Part, unknown: int) -> None:
    out = part.out
    if unknown:
        part.warnings.append(f"Cases refer to {unknown} documents that the file does not hold.")
    if out.case_selections:
        part.warnings.append(
            f"Cases refer to {out.case_selections} segments; only whole documents are joined with "
            "cases here."
        )
    if out.case_codes:
        part.warnings.append(
            f"Cases refer to {out.case_codes} codes without saying where; these are not counted."
        )
    for number, count in out.set_codes.items():
        part.aside("code set", f'"{out.sets[number]}" joins {count} codes and codes nothing')
