r"""Codebook of NVivo: codes by indentation or as ``Parent\Child``, with their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qdaio.codes import code_frame, first_rows, read_counts, rows_left_out
from qdaio.faults import FaultList
from qdaio.files.cells import as_text
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table
from qdaio.model import CodedProject, ExportFile, ExportInfo
from qdaio.programs.nvivo.grid import path_of
from qdaio.reader import Match

__all__ = ["READER", "CodebookReader"]

Path = tuple[str, ...]

# English is the program's own manual; the other languages are those of its interface.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "name": ("Name", "Code", "Node", "Nombre", "Nome", "Nom", "名称", "名前"),
    "references": (
        "References",
        "Coding References",
        "Referenzen",
        "Codierungsreferenzen",
        "Referencias",
        "Referências",
        "Références",
        "参考点",
        "リファレンス",
    ),
    "files": (
        "Files",
        "Sources",
        "Files Coded",
        "Sources Coded",
        "Dateien",
        "Quellen",
        "Archivos",
        "Fuentes",
        "Arquivos",
        "Fontes",
        "Fichiers",
        "文件",
        "材料来源",
        "ファイル",
    ),
}
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "description": ("Description", "Beschreibung", "Descripción", "Descrição", "描述", "説明"),
    "hierarchy": ("Hierarchical Name", "Hierarchischer Name", "Nombre jerárquico"),
    "colour": ("Color", "Colour", "Farbe", "Cor", "Couleur"),
}


class CodebookReader:
    """Reads the list of codes with their files and references."""

    format = "nvivo-codebook"
    software = "NVivo"

    def recognise(self, source: Source) -> Match | None:
        """Know the columns for files and references beside a name."""
        if source.kind not in {"xlsx", "xls", "text"}:
            return None
        for sheet in read_sheets(source):
            if (table := find_table(sheet, REQUIRED, OPTIONAL)) is not None:
                score = 0.92 if "description" in table.columns else 0.88
                reason = "codes with files and references"
                return Match(score, reason, sheet.name.strip() or None, {"table": table})
        return None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the codes.

        Raises
        ------
        StudyError
            When counts are no numbers, or columns contradict each other.
        """
        table: SheetTable = match.details["table"]
        faults = FaultList()
        faults.extend(table.faults)
        counts = read_counts(table, "references", "how many references are coded", faults)
        faults.raise_if_any()
        stated = _paths(table)
        first = first_rows(stated)
        parents = {path[:-1] for path in first}
        texts = table.columns.get("description") or [None] * table.height
        codes = code_frame(
            list(first),
            {
                "description": [as_text(texts[place]) for place in first.values()],
                "reported_n": [counts[place] for place in first.values()],
                # Whether a code counts those under it as well is a setting of each code.
                "reported_n_kind": ["unknown" if path in parents else "own" for path in first],
            },
        )
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, match.sheet),),
            ),
            codes=codes,
            set_aside=tuple(rows_left_out(table, stated)),
            warnings=table.sheet.warnings,
        )


def _paths(table: SheetTable) -> list[Path]:
    """Return the path of the code in each row; empty where a row names none."""
    cells = table.columns.get("hierarchy") or table.columns["name"]
    names = [as_text(cell) or "" for cell in cells]
    if any("\\" in name for name in names):
        return [_from_path(name.strip()) for name in names]
    return _by_indentation(names)


def _from_path(name: str) -> Path:
    folder, path = path_of(name)
    if folder is None and "\\" in name:
        path = tuple(part.strip() for part in name.split("\\") if part.strip())
    return path if name else ()


def _by_indentation(names: Sequence[str]) -> list[Path]:
    """Hang each name under the last one that stands further left."""
    above: list[tuple[int, str]] = []
    paths: list[Path] = []
    for name in names:
        bare = name.strip()
        if not bare:
            paths.append(())
            continue
        indent = len(name) - len(name.lstrip())
        while above and above[-1][0] >= indent:
            above.pop()
        above.append((indent, bare))
        paths.append(tuple(level for _, level in above))
    return paths


READER = CodebookReader()
