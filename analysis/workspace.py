"""The folder of a study as notebooks see it: tables in, tables and figures out."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.languages import find_language, speaking
from analysis.metrics import Metric, dump_metrics
from analysis.phrases import NOT_REPORTED, in_sentence
from analysis.settings import StudyFile
from analysis.studyfile import find_study, load_study
from qdaio.faults import Fault, StudyError
from qdaio.files.writing import replacing, write_text

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures import Figure
    from analysis.tables import Table

__all__ = ["VARIANTS", "Workspace", "open_study"]

VARIANTS = ("data-processed", "variants")  # where each variant of a study has its folder


def open_study(study_dir: str = "") -> Workspace:
    """Open the study that a notebook belongs to.

    Parameters
    ----------
    study_dir : str
        Folder of the study. Empty: the nearest folder, at or above the current one,
        with a study file, so that a notebook runs from wherever it was opened. A variant
        of a study is its folder ``data-processed/variants/NAME``.

    Raises
    ------
    StudyError
        When there is no study, or its study file is wrong.
    """
    folder = Path(study_dir) if study_dir else find_study(Path.cwd())
    if folder.parts[-3:-1] == VARIANTS:
        root = folder.parents[2]
        return Workspace(root, load_study(root), folder.name)
    return Workspace(folder, load_study(folder))


class Workspace:
    """Where the tables and products of one study stand.

    Parameters
    ----------
    folder : Path
        The study's folder.
    study : StudyFile
    variant : str
        Name of a variant of the study, which has folders of its own and reads what it does
        not make itself from the study's.
    """

    def __init__(self, folder: Path, study: StudyFile, variant: str = "") -> None:
        self.folder = folder
        self.study = study
        self.shared = folder / "data-processed"
        self.processed = folder.joinpath(*VARIANTS, variant) if variant else self.shared
        self.report = (self.processed if variant else folder) / "report"
        self.output = folder / "report" / "output"
        if variant:
            self.output = self.output / "variants" / variant
        # by path, with the time and size of the file that was read
        self._tables: dict[Path, tuple[tuple[int, int], pd.DataFrame]] = {}

    def has(self, name: str) -> bool:
        """Say whether the table `name` was made."""
        return self._table(name).is_file()

    def read(self, name: str) -> pd.DataFrame:
        """Read a table that an earlier notebook made, from the disk only where it changed.

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
        state = path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        if path not in self._tables or self._tables[path][0] != stamp:
            self._tables[path] = (stamp, pd.read_parquet(path))
        return self._tables[path][1].copy(deep=False)  # pandas copies what is written to

    def write(self, name: str, table: pd.DataFrame) -> None:
        """Write a table for later notebooks, as Parquet, whole or not at all."""
        path = self.processed / f"{name}.parquet"
        self._tables.pop(path, None)
        with replacing(path) as beside:
            table.reset_index(drop=True).to_parquet(beside, index=False)

    def cases(self) -> list[str]:
        """Return the cases of the study: its participants, or its documents without these."""
        if self.study.participants is not None and self.has("participants"):
            return list(self.read("participants")["case_id"])
        return list(self.read("documents")["case_id"].dropna().unique())

    def groups(self, variable: str = "group") -> pd.Series | None:
        """Return the group of each case under one variable.

        Parameters
        ----------
        variable : str
            ``group`` for the study's own groups, else a category of the participants.

        Returns
        -------
        Series or None
            Index ``case_id``, an ordered categorical; cases of whom the group is not known
            are "Not reported". None where the study has no groups.

        Raises
        ------
        StudyError
            When there is no such variable, though the study has others.
        """
        import pandas as pd

        groupings = self.read("groupings")
        rows = groupings[groupings["variable"] == variable]
        if rows.empty:
            known = sorted(groupings["variable"].unique())
            if variable == "group" or not known:
                return None
            raise StudyError(
                Fault(
                    kind="unknown-variable",
                    column="group_by",
                    found=f'"{variable}"',
                    expected=", ".join(known),
                    remedy="Choose one of the categories of the participants.",
                )
            )
        order = rows.sort_values("position")["level"].unique()
        cases = self.cases()
        found = pd.Series(rows["level"].to_numpy(), index=rows["case_id"]).reindex(cases)
        levels = [*order, NOT_REPORTED] if found.isna().any() else list(order)
        groups = pd.Categorical(found.fillna(NOT_REPORTED), categories=levels, ordered=True)
        return pd.Series(groups, index=cases)

    def by(self, variable: str = "group") -> str:
        """Return what captions say of a grouping: " by group", or nothing without groups."""
        if self.groups(variable) is None:
            return ""
        return f" by {in_sentence(self.grouping(variable))}"

    def grouping(self, variable: str = "group") -> str:
        """Return what a grouping is called at the head of a column: "Group", "Gender"."""
        people = self.study.participants
        titles = {item.name: item.title for item in people.variables} if people else {}
        titles["group"] = people.group_label if people else "Group"
        return titles.get(variable, variable)

    def attributes(self, wanted: list[str]) -> dict[str, pd.Series]:
        """Return attributes of the cases by their titles, for a grid of them.

        Parameters
        ----------
        wanted : list of str
            Names of variables, ``group`` for the study's groups; empty for those that
            :func:`analysis.chapters.sampling.choose_attributes` takes.
        """
        from analysis.chapters.sampling import choose_attributes

        people = self.study.participants
        titles = {item.name: item.title for item in people.variables} if people else {}
        titles = {"group": people.group_label if people else "Group", **titles}
        names = choose_attributes(self.read("groupings"), wanted, list(titles))
        found = {titles.get(name, name): self.groups(name) for name in names}
        return {title: values for title, values in found.items() if values is not None}

    def show(self, make: Callable[..., Table | Figure], *values: Any, **options: Any) -> None:
        """Make a table or figure with the label and caption of its cell; save and display it.

        Parameters
        ----------
        make : callable
            What makes it, such as :func:`analysis.chapters.frequencies.frequency_table`.
            Where it takes them, it gets ``label`` and ``caption`` from the ``#|`` lines of
            the cell, and from the study file ``synthetic``, ``numbers``, and what cases are
            called, ``case_word`` in the plural and ``case_name`` in the singular.
        values, options
            Handed on to `make`.

        Raises
        ------
        StudyError
            When the cell does not begin with a label and a caption.
        """
        from IPython.display import display

        from analysis.notebook import this_cell
        from analysis.tables import Table

        caller = inspect.currentframe()
        assert caller is not None and caller.f_back is not None  # noqa: PT018
        cell = this_cell(caller.f_back)
        language = find_language(self.study.study.language)
        names = set() if language.is_plain else self._names()
        offered = {
            "label": cell.label,
            "caption": language.said(cell.caption, names),
            "synthetic": self.study.is_synthetic,
            "numbers": self.study.numbers,
            "case_word": self.study.case_word,
            "case_name": self.study.case_words[0].capitalize(),
        }
        wanted = inspect.signature(make).parameters
        given = {name: value for name, value in offered.items() if name in wanted}
        with speaking(language):
            product = make(*values, **(given | options))
        if isinstance(product, Table) and language.tag != "en":
            product = product.said_in(language, names)
        self.save(product)
        display(product)  # type: ignore[no-untyped-call]

    def _names(self) -> set[str]:
        """Return the names of the study that could read like fixed words: they are data."""
        from analysis.preparation.people import band_names

        names: set[str] = set()
        for table, columns in {"codes": ("name", "label"), "groupings": ("level",)}.items():
            if self.has(table):
                frame = self.read(table)
                names |= {str(name) for column in columns for name in frame[column].dropna()}
        people = self.study.participants
        banded = [item for item in people.variables if item.bands] if people else []
        for item in banded:  # "under 35" is said by the program
            names -= set(band_names(item.bands, whole=item.kind == "integer"))
        return names

    def save(self, product: Table | Figure) -> None:
        """Write a table or figure among the products of the study."""
        from analysis.tables import Table

        product.save(self.output / ("tables" if isinstance(product, Table) else "figures"))

    def write_csv(self, name: str, frame: pd.DataFrame) -> None:
        """Write a frame as CSV among the products, for those who go on with other programs.

        Parameters
        ----------
        name : str
            Of the file, with its folder but without its suffix.
        frame : DataFrame
        """
        from analysis.tables import frame_csv

        text = frame_csv(frame, synthetic=self.study.is_synthetic)
        write_text(self.output / f"{name}.csv", text)

    def write_metrics(self, part: str, values: dict[str, Metric]) -> None:
        """Write the numbers of one notebook, for the text; keys are flat, with dots."""
        write_text(self.processed / "metrics" / f"{part}.json", dump_metrics(values))

    def read_metrics(self, parts: list[str] | None = None) -> dict[str, Metric]:
        """Read the numbers of several notebooks as one.

        Parameters
        ----------
        parts : list of str, optional
            Names of notebooks, some of which a study may not have; by default all that
            gave numbers, own notebooks among them.

        Raises
        ------
        StudyError
            When two of them give the same key.
        """
        folders = [where / "metrics" for where in dict.fromkeys((self.processed, self.shared))]
        found = {path.stem for folder in folders for path in folder.glob("*.json")}
        names = parts or sorted(found)
        merged: dict[str, Any] = {}
        giver: dict[str, str] = {}
        for name in names:
            path = next((p for f in folders if (p := f / f"{name}.json").is_file()), None)
            if path is None:
                continue
            values = json.loads(path.read_text(encoding="utf-8"))
            if twice := sorted(merged.keys() & values.keys()):
                raise StudyError(
                    Fault(
                        kind="duplicate-number",
                        found=f"{', '.join(twice[:3])}, from the notebooks {giver[twice[0]]} "
                        f"and {name}",
                        expected="each number from one notebook",
                        remedy="Call the numbers of an own notebook by a name of their own.",
                    )
                )
            merged.update(values)
            giver |= dict.fromkeys(values, name)
        return merged

    def _table(self, name: str) -> Path:
        own = self.processed / f"{name}.parquet"
        return own if own.is_file() else self.shared / own.name
