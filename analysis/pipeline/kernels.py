"""Kernels that are started, and have imported what notebooks need, before they are asked.

Starting a kernel and importing pandas and matplotlib takes longer than the work of most
notebooks. A build starts one kernel for each notebook that it can run at a time, and
clears a kernel's names before the next notebook, so that each starts from nothing.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

__all__ = ["KernelPool"]

WARM_UP = """
import matplotlib
matplotlib.use("agg")
import pandas, pyarrow.parquet, seaborn, great_tables, docx
import analysis.notebook
"""
CLEAR = "get_ipython().reset(new_session=True); import gc; gc.collect()"


class KernelPool:
    """Kernels for the notebooks of one build.

    Parameters
    ----------
    size : int
        How many notebooks may run at a time.
    cwd : Path
        Folder in which kernels start.
    """

    def __init__(self, size: int, cwd: Path) -> None:
        self._cwd = cwd
        self._free: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._managers: list[Any] = []
        self._lock = threading.Lock()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._start_one, name=f"kernel-{at}", daemon=True)
            for at in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def _start_one(self) -> None:
        try:
            from jupyter_client.manager import KernelManager

            manager = KernelManager(kernel_name="python3")
            with self._lock:
                self._managers.append(manager)
            # a kernel on this machine alone warns that its channel is not encrypted
            manager.start_kernel(cwd=str(self._cwd), extra_arguments=["--log-level=ERROR"])
            _execute(manager, WARM_UP)
        except Exception as error:  # handed to the notebook that takes this kernel
            self._free.put(error)
        else:
            self._free.put(manager)

    @contextmanager
    def kernel(self) -> Iterator[Any]:
        """Lend a kernel manager with a running, empty kernel.

        Raises
        ------
        RuntimeError
            When the kernel could not be started.
        """
        manager = self._free.get()
        if isinstance(manager, Exception):
            self._free.put(manager)
            raise RuntimeError("a Jupyter kernel could not be started") from manager
        try:
            yield manager
            _execute(manager, CLEAR)
        finally:
            self._free.put(manager)

    def close(self) -> None:
        """Shut all kernels down, also those that are still starting."""
        for thread in self._threads:
            thread.join(timeout=60)
        for manager in self._managers:
            with suppress(Exception):
                manager.shutdown_kernel(now=True)


def _execute(manager: Any, code: str) -> None:
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
