"""The folder of a study as notebooks see it: tables in, tables and products out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.metrics import Metric, dump_metrics
from analysis.settings import StudyFile, find_study, load_study
from qdaio.faults import Fault, StudyError
from qdaio.files.writing import replacing, write_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Workspace", "open_study"]


def open_study(study_dir: str = "") -> Workspace:
    """Open the study that a notebook belongs to.

    Parameters
    ----------
    study_dir : str
        Folder of the study. Empty: the nearest folder, at or above the current one,
        with a study file, so that a notebook runs from wherever it was opened.

    Raises
    ------
    StudyError
        When there is no study, or its study file is wrong.
    """
    folder = Path(study_dir) if study_dir else find_study(Path.cwd())
    return Workspace(folder, load_study(folder))


class Workspace:
    """Where the tables and products of one study stand.

    Parameters
    ----------
    folder : Path
        The study's folder.
    study : StudyFile
    """

    def __init__(self, folder: Path, study: StudyFile) -> None:
        self.folder = folder
        self.study = study
        self.processed = folder / "data-processed"
        self.report = folder / "report"
        self.output = self.report / "output"

    def has(self, name: str) -> bool:
        """Say whether the table `name` was made."""
        return self._table(name).is_file()

    def read(self, name: str) -> pd.DataFrame:
        """Read a table that an earlier notebook made.

        Raises
        ------
        StudyError
            When it was not made yet; the remedy is the command that makes it.
        """
        import pandas as pd

        path = self._table(name)
        if not path.is_file():
            raise StudyError(
                Fault(
                    kind="missing-table",
                    file=f"data-processed/{path.name}",
                    remedy="An earlier notebook makes it: run `study build` in the study's "
                    "folder, or run the notebooks in their order.",
                )
            )
        return pd.read_parquet(path)

    def write(self, name: str, table: pd.DataFrame) -> None:
        """Write a table for later notebooks, as Parquet, whole or not at all."""
        with replacing(self._table(name)) as beside:
            table.reset_index(drop=True).to_parquet(beside, index=False)

    def write_metrics(self, part: str, values: dict[str, Metric]) -> None:
        """Write the numbers of one notebook, for the text; keys are flat, with dots."""
        write_text(self.processed / "metrics" / f"{part}.json", dump_metrics(values))

    def read_metrics(self, parts: list[str]) -> dict[str, Metric]:
        """Read the numbers of several notebooks as one.

        Raises
        ------
        ValueError
            When two of them give the same key.
        """
        merged: dict[str, Any] = {}
        for part in parts:
            path = self.processed / "metrics" / f"{part}.json"
            if not path.is_file():
                continue
            values = json.loads(path.read_text(encoding="utf-8"))
            if twice := merged.keys() & values.keys():
                raise ValueError(f"metrics {', '.join(sorted(twice))} are given twice")
            merged.update(values)
        return merged

    def _table(self, name: str) -> Path:
        return self.processed / f"{name}.parquet"
