"""Running notebooks: a fresh kernel for each, started before it is asked for.

Starting a kernel and importing pandas takes longer than the work of most
notebooks, so kernels are started ahead. None is used twice: what a notebook leaves behind
(variables, the working folder, environment, options of pandas) ends with its kernel.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import re
import shutil
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from analysis.build.parameters import Value
from qdaio.faults import Fault, StudyError
from qdaio.files.writing import write_text

__all__ = ["Kernels", "clean", "execute", "export_html", "write_notebook"]

Parameters = Mapping[str, Value]

# what every notebook imports is imported ahead, and no name of it stays; what draws is not, as
# it takes longer than all of this and most notebooks draw nothing: a figure that is made without
# pyplot is shown all the same
WARM_UP = """[__import__(name) for name in (
    "pandas", "pyarrow.parquet", "docx", "analysis.tables", "analysis.workspace",
)] and None
get_ipython().display_formatter.formatters["image/png"].for_type_by_name(
    "matplotlib.figure", "Figure", __import__("functools").partial(
        __import__("IPython.core.pylabtools", fromlist=["*"]).retina_figure, base64=True
    ),
) and None
"""
ARGUMENTS = (
    "--log-level=ERROR",  # a kernel on this machine alone warns that its channel is not encrypted
    "--HistoryManager.enabled=False",
    "--InlineBackend.figure_formats=retina",  # of figures that a notebook shows by itself
)
# a study's own helpers are found beside its notebooks, as in JupyterLab
ATTEMPTS = 3  # to start a kernel
POLL = 0.2  # seconds between two looks at a kernel that is starting
OWN_MODULES = "__import__('sys').path.insert(1, {folder!r})"


class Kernels:
    """Kernels for the notebooks of one build.

    Parameters
    ----------
    folder : Path
        The study's folder, in which notebooks run.
    ahead : int
        How many kernels are kept ready.
    total : int
        How many notebooks can run at most.
    """

    def __init__(self, folder: Path, ahead: int, total: int) -> None:
        self._folder = folder
        self._ahead = ahead
        self._left = total
        self._waiting = 0  # kernels that are starting or ready
        self._ready: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._managers: list[Any] = []
        self._lock = threading.Lock()
        self._closed = False
        # IPython's own settings and history of this user are neither read nor written
        self._profile = tempfile.mkdtemp(prefix="study-ipython-")

    def _start_more(self) -> None:
        with self._lock:
            while not self._closed and self._waiting < min(self._ahead, self._left):
                self._waiting += 1
                threading.Thread(target=self._start_one, daemon=True).start()

    def _start_one(self) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                manager = self._started()
            except Exception as error:
                # another program can take a port between choosing it and using it
                if attempt < ATTEMPTS and not self._closed:
                    continue
                self._ready.put(error)  # handed to the notebook that takes this kernel
            else:
                if manager is not None:
                    self._ready.put(manager)
            return

    def _started(self) -> Any | None:
        """Return the manager of a kernel that is ready; None once the build was stopped."""
        from jupyter_client.manager import KernelManager

        manager = KernelManager(kernel_name="python3")
        # papermill waits without blocking: a blocking client would see no time limit
        manager.client_class = "jupyter_client.asynchronous.AsyncKernelClient"
        with self._lock:
            if self._closed:
                return None
            self._managers.append(manager)
            manager.start_kernel(
                cwd=str(self._folder), extra_arguments=[*ARGUMENTS], env=self._environment()
            )
        own = OWN_MODULES.format(folder=str(self._folder / "notebooks"))
        failed: list[BaseException] = []

        def warm_up() -> None:
            try:
                _run(manager, f"{own}\n{WARM_UP}")
            except BaseException as error:  # handed to the thread that waits
                failed.append(error)

        # asking a kernel that died at its start can wait for ever: so it is watched meanwhile
        asking = threading.Thread(target=warm_up, daemon=True)
        asking.start()
        while asking.is_alive():
            asking.join(POLL)
            if asking.is_alive() and not manager.is_alive():
                failed.append(RuntimeError("the kernel ended while it was starting"))
                break
        if failed:
            _end(manager)
            raise failed[0]
        return manager

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "IPYTHONDIR": self._profile,
            # figures show as in JupyterLab, also those of `plt.show()`
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "PYTHONHASHSEED": "0",  # sets in one order, so that equal input gives equal bytes
            "PYTHONUTF8": "1",
        }

    @contextmanager
    def kernel(self) -> Iterator[Any]:
        """Lend a kernel manager with a running kernel that nobody used; it ends with the block.

        Raises
        ------
        RuntimeError
            When the kernel could not be started.
        """
        self._start_more()
        manager = self._ready.get()
        with self._lock:
            self._waiting -= 1
            self._left -= 1
        if isinstance(manager, Exception):
            raise RuntimeError("a Jupyter kernel could not be started") from manager
        self._start_more()
        try:
            yield manager
        finally:
            _end(manager)

    def close(self) -> None:
        """End all kernels at once, also those that run a notebook or are still starting."""
        with self._lock:
            self._closed = True
            managers = list(self._managers)
        for manager in managers:
            _end(manager)
        # whoever waits for a kernel gets none
        self._ready.put(RuntimeError("the build was stopped"))
        shutil.rmtree(self._profile, ignore_errors=True)


def _end(manager: Any) -> None:
    with suppress(Exception):
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)


def _run(manager: Any, code: str) -> None:
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        reply = client.execute_interactive(
            code, store_history=False, timeout=120, output_hook=lambda message: None
        )
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"{reply['content']['ename']}: {reply['content']['evalue']}")
    finally:
        client.stop_channels()


def execute(
    path: Path,
    parameters: Parameters,
    manager: Any,
    *,
    cwd: Path,
    minutes: float,
    show_errors: bool = False,
) -> Any:
    """Run a notebook by papermill and return it, cleaned.

    Parameters
    ----------
    path : Path
    parameters : mapping
        Values for the cell tagged ``parameters``.
    manager : jupyter_client.KernelManager
        A running kernel.
    cwd : Path
        Folder in which the notebook runs.
    minutes : float
        How long one cell may run.
    show_errors : bool
        Whether the text of an exception may be told; it can hold words of an interview.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    StudyError
        With the cell and its error; what a cell itself found at fault is told as it is.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from nbformat.warnings import MissingIDFieldWarning
    from papermill.exceptions import PapermillExecutionError

    for name in ("papermill", "traitlets"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # a notebook of an older format has cells without ids; papermill gives them some
    warnings.filterwarnings("ignore", category=MissingIDFieldWarning)
    at = _Place()
    try:
        executed = papermill.execute_notebook(
            str(path),
            None,
            parameters=dict(parameters),
            progress_bar=False,
            request_save_on_cell_execute=False,
            kernel_name="python3",
            km=manager,
            execution_timeout=max(1, round(minutes * 60)),
            on_cell_start=at.begin,
            resources={"metadata": {"path": str(cwd)}},
        )
    except PapermillExecutionError as error:
        if system := _of_the_system(error.ename, error.evalue):
            kind, found, remedy = system
            raise _failed(path, at.cell, found, remedy, kind=kind) from None
        if error.ename == "StudyError":
            told = error.evalue
        else:
            told = f"{error.ename}: {error.evalue}" if show_errors else error.ename
        remedy = "Mend what the message says; if it is not clear, open the notebook with "
        remedy += "`study lab` and run it to this cell."
        if error.ename != "StudyError" and not show_errors:
            remedy += " The text of the error is not shown, as it can hold words of an interview; "
            remedy += "`show_errors = true` under [build] in study.toml shows it."
        raise _failed(path, at.cell, told, remedy) from None
    except CellTimeoutError:
        raise _failed(
            path,
            at.cell,
            f"a cell that runs for more than {minutes:g} minute{'' if minutes == 1 else 's'}",
            "Make the cell quicker, or give `minutes` under [build] in study.toml a larger number.",
            kind="notebook-too-slow",
        ) from None
    except (DeadKernelError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not isinstance(error, DeadKernelError):
            raise
        raise _failed(
            path,
            at.cell,
            "the kernel ended while this cell ran",
            "Most often there was not enough memory: try with `--jobs 1`.",
        ) from None
    return clean(executed)


def _of_the_system(name: str, text: str) -> tuple[str, str, str] | None:
    """Return kind, finding and remedy of an error that the system, not the study, gave."""
    number = re.match(r"\[Errno (\d+)\]|\[WinError (\d+)\]", text)
    if name not in ("OSError", "PermissionError") or not number:
        return None
    if "28" in number.groups() or "112" in number.groups():
        return "full-disk", "no space left", "Make room on the disk and try again."
    if set(number.groups()) & {"1", "5", "13", "30"}:
        return (
            "no-permission",
            "a file or folder that may not be written or read",
            "Change its permissions, or work in a copy of the study in a folder of your own.",
        )
    return None


class _Place:
    """The cell that runs, counted as in the notebook's file."""

    def __init__(self) -> None:
        self.cell = 1
        self._added = 0

    def begin(self, cell: Any, cell_index: int) -> None:
        """Note a cell; papermill adds one for the parameters."""
        if "injected-parameters" in cell.metadata.get("tags", []):
            self._added = 1
        self.cell = cell_index + 1 - self._added


def _failed(
    path: Path, cell: int, found: str, remedy: str, kind: str = "notebook-failed"
) -> StudyError:
    place = f"notebooks/{path.name}"
    return StudyError(
        Fault(kind=kind, file=place, row=cell, column="cell", found=found, remedy=remedy)
    )


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
    stored = {cell["id"] for cell in notebook.cells if _is_stored(cell)}
    for at, cell in enumerate(notebook.cells, start=1):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if not _is_stored(cell):
            cell["id"] = f"cell-{at}"
            while cell["id"] in stored:  # nbformat would replace the second by a random one
                cell["id"] += "-added"
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


# the template's grey and its green are too pale to be read by everybody
READABLE = (
    "<style>\n"
    ".jp-InputPrompt, .jp-OutputPrompt { color: #595959 !important; opacity: 1 !important; }\n"
    ".highlight [class^=c] { color: #2b6666 !important; }\n"
    ".highlight [class^=m], .highlight [class^=k] { color: #006400 !important; }\n"
    ".highlight .o, .highlight .ow { color: #7a1fa8 !important; }</style>\n"
)


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
    # a head without words, as frames have above their index, is no head
    body = body.replace("<th></th>", "<td></td>").replace("</head>", f"{READABLE}</head>", 1)
    write_text(html, body)
