"""The codebook of Taguette: its tags, and how many highlights each has."""

from __future__ import annotations

from qdaio.codes import read_counts
from qdaio.files.cells import as_text
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, make_frame
from qdaio.programs.taguette.tags import read_tags
from qdaio.reader import Match
from qdaio.tables import find_table, match_by_sheet

__all__ = ["READER", "TaguetteCodebook"]

REQUIRED = {
    "tag": ["tag"],
    "description": ["description"],
    "n": ["number of highlights"],
}
OPTIONAL = {"parent": ["parent"], "documents": ["number of documents"]}


class TaguetteCodebook:
    """Reads a codebook exported as CSV or Excel."""

    format = "taguette-codebook"
    software = "Taguette"

    def recognise(self, source: Source) -> Match | None:
        """Know the columns, whose names no translation changes."""
        return match_by_sheet(
            source,
            lambda sheet: find_table(sheet, REQUIRED, OPTIONAL),
            "the columns tag, description and number of highlights",
        )

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the tags.

        Raises
        ------
        StudyError
            When a tag stands twice, or a count is no number.
        """
        notes = Notes(source.name)
        table = match.details["table"]
        notes.faults.extend(table.faults)
        counts = read_counts(table, "n", "how many highlights have the tag", notes.faults)
        documents = read_counts(table, "documents", "in how many documents it is", notes.faults)
        texts = {
            name: [(as_text(cell) or "").strip() or None for cell in table.columns[name]]
            for name in ("tag", "description", "parent")
            if name in table.columns
        }
        tags = read_tags(
            texts["tag"],
            texts.get("parent") or [None] * table.height,
            table.row_numbers,
            {
                "description": texts["description"],
                "reported_n": counts,
                "reported_n_kind": ["own"] * table.height,
            },
            notes,
            match.sheet,
        )
        notes.faults.raise_if_any()
        stated = [
            place
            for place, count in enumerate(documents)
            if count is not None and tags.ids[place] is not None
        ]
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, match.sheet),),
            ),
            codes=tags.frame,
            attributes=make_frame(
                "attributes",
                {
                    "entity": ["code"] * len(stated),
                    "entity_id": [tags.ids[place] for place in stated],
                    "name": [table.headers.get("documents")] * len(stated),
                    "value": [str(documents[place]) for place in stated],
                    "source_file": [source.name] * len(stated),
                    "source_row": [table.row_numbers[place] for place in stated],
                },
            ),
            set_aside=tuple(notes.set_aside),
            warnings=(*table.sheet.warnings, *notes.warnings),
        )


READER = TaguetteCodebook()
