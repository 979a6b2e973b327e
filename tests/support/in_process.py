"""Notebooks of a build run in this process: a kernel's start takes longer than most notebooks.

That a kernel of its own runs each notebook, from nothing, is tested in ``tests/build`` and with
the built study, which most tests look at.
"""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import select_figure_formats
from IPython.utils.capture import capture_output
from nbformat.v4 import new_output
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from traitlets.config import Config

from analysis.build import kernels
from analysis.build.kernels import clean

ONE_AT_A_TIME = threading.Lock()


class NoKernels:
    """Stands in for the kernels of a build."""

    def __init__(self, folder: Path, ahead: int, total: int) -> None:
        self.is_closed = False

    @contextmanager
    def kernel(self) -> Iterator[NoKernels]:
        yield self

    def close(self) -> None:
        """Wait for the notebook that runs, and let none begin: a build that failed has threads
        left, which would change the folder under the next test."""
        with ONE_AT_A_TIME:
            self.is_closed = True


def run_here(
    path: Path, parameters: dict[str, Any], manager: NoKernels, *, cwd: Path, **_: object
) -> nbformat.NotebookNode:
    """Run a notebook in this process and return it as a kernel would have left it."""
    import matplotlib.pyplot as plt

    notebook = parameterize_notebook(load_notebook_node(str(path)), parameters)
    with ONE_AT_A_TIME:
        if manager.is_closed:
            raise RuntimeError("the build has ended")
        # without the history that this user keeps, and without keeping what was shown: a reset
        # would search all memory of this process for garbage
        options = Config(
            {"HistoryManager": {"enabled": False}, "InteractiveShell": {"cache_size": 0}}
        )
        shell = InteractiveShell.instance(config=options)
        shell.reset()
        # figures show as in a kernel
        plt.switch_backend("module://matplotlib_inline.backend_inline")
        select_figure_formats(shell, {"png"})
        before = Path.cwd()
        try:
            os.chdir(cwd)
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    with capture_output() as said:
                        done = shell.run_cell(cell.source)
                    done.raise_error()
                    cell.outputs = [
                        new_output(
                            "display_data", data=as_text(shown.data), metadata=shown.metadata or {}
                        )
                        for shown in said.outputs
                    ]
                    if done.result is not None and not cell.source.rstrip().endswith(";"):
                        data, metadata = shell.display_formatter.format(done.result)
                        shown = new_output("display_data", data=as_text(data), metadata=metadata)
                        cell.outputs.append(shown)
        finally:
            os.chdir(before)
            plt.close("all")
            plt.switch_backend("agg")
    return clean(notebook)


def as_text(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown as a notebook stores it."""
    return {
        kind: base64.b64encode(shown).decode("ascii") if isinstance(shown, bytes) else shown
        for kind, shown in data.items()
    }


def without_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let builds run notebooks here, and leave out their pages for reviewers."""
    monkeypatch.setattr(kernels, "Kernels", NoKernels)
    monkeypatch.setattr(kernels, "execute", run_here)
    monkeypatch.setattr(kernels, "export_html", lambda executed, html, title: html.touch())
