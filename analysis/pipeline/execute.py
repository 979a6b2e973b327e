"""Running one notebook by papermill, and keeping what is the same on every machine."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qdaio.faults import Fault, StudyError
from qdaio.files.writing import write_text

__all__ = ["NotebookError", "clean", "execute", "export_html"]

Parameters = Mapping[str, str | int | float | bool]


class NotebookError(StudyError):
    """Raised when a cell of a notebook fails.

    Attributes
    ----------
    is_study_error : bool
        Whether the notebook itself found the data or the study at fault.
    """

    def __init__(self, fault: Fault, *, is_study_error: bool) -> None:
        super().__init__(fault)
        self.is_study_error = is_study_error


def execute(path: Path, parameters: Parameters, cwd: Path, manager: Any) -> Any:
    """Run a notebook by papermill and return it, cleaned.

    Parameters
    ----------
    path : Path
    parameters : mapping
        Values for the cell tagged ``parameters``.
    cwd : Path
        Folder in which the notebook runs.
    manager : jupyter_client.KernelManager
        A running kernel that is left running.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    NotebookError
        With the cell and its error.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        executed = papermill.execute_notebook(
            str(path),
            None,
            parameters=dict(parameters),
            progress_bar=False,
            request_save_on_cell_execute=False,
            kernel_name="python3",
            km=manager,
            resources={"metadata": {"path": str(cwd)}},
        )
    except PapermillExecutionError as error:
        is_study_error = error.ename in ("StudyError", "NotebookError")
        fault = Fault(
            kind="notebook-failed",
            file=f"notebooks/{path.name}",
            row=error.cell_index + 1,
            column="cell",
            found=error.evalue if is_study_error else f"{error.ename}: {error.evalue}",
            remedy="Mend what the message says; if it is not clear, open the notebook with "
            "`study lab` and run it to this cell.",
        )
        raise NotebookError(fault, is_study_error=is_study_error) from error
    return clean(executed)


def clean(notebook: Any) -> Any:
    """Remove times, paths and run numbers from an executed notebook, in place."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    number = 0
    for at, cell in enumerate(notebook.cells, start=1):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        cell["id"] = cell.get("id") if _is_stored(cell) else f"cell-{at}"
        if cell.cell_type == "code":
            number += 1
            cell["execution_count"] = number
            for output in cell.outputs:
                if "execution_count" in output:
                    output["execution_count"] = number
    return notebook


def _is_stored(cell: Any) -> bool:
    """Whether the cell comes from the file; papermill gives its own a random id."""
    return bool(cell.get("id")) and "injected-parameters" not in cell.metadata.get("tags", [])


def write_notebook(notebook: Any, path: Path) -> None:
    """Write a notebook with keys in order, whole or not at all."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    write_text(path, text + "\n")


def export_html(executed: Path, html: Path, title: str) -> None:
    """Write an executed notebook as a page for reviewers, with nothing to fetch.

    Parameters
    ----------
    executed, html : Path
    title : str
    """
    import nbformat
    from nbconvert import HTMLExporter

    exporter: Any = HTMLExporter(template_name="lab", embed_images=True)
    exporter.mathjax_url = ""
    exporter.require_js_url = ""
    exporter.jquery_url = ""
    exporter.mermaid_js_url = ""
    notebook: Any = nbformat.read(executed, as_version=4)
    notebook.metadata["title"] = title
    body, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})
    write_text(html, body)
