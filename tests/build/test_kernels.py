"""Each notebook starts from nothing, and nothing that it starts is left when a build ends."""

from __future__ import annotations

import base64
import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.build.kernels import Kernels, execute
from qdaio.faults import StudyError
from tests.support.studies import small_study, write_notebook

pytestmark = pytest.mark.build
ROOT = Path(__file__).resolve().parents[2]
MEANT = ("image/png", "text/html", "text/markdown")
LOOP = "import os, pathlib\npathlib.Path('pid.txt').write_text(str(os.getpid()))\nwhile True: pass"


def printed(notebook) -> str:
    return "".join(
        "".join(output.get("text", "")) for cell in notebook.cells for output in cell.outputs
    )


@pytest.fixture
def run(tmp_path: Path, request: pytest.FixtureRequest):
    """Return what runs a notebook of these cells; by `TWICE` two of one build."""
    kernels = Kernels(tmp_path, ahead=1, total=getattr(request, "param", 1))

    def once(*cells: str, minutes: float = 1, show_errors: bool = False, **parameters):
        path = write_notebook(tmp_path / "notebooks/01-own.ipynb", *cells, parameters="top = 1")
        with kernels.kernel() as manager:
            return execute(
                path,
                parameters,
                manager,
                cwd=tmp_path,
                minutes=minutes,
                show_errors=show_errors,
            )

    yield once
    kernels.close()


TWICE = pytest.mark.parametrize("run", [2], indirect=True, ids=["twice"])


def fault_of(run, *cells: str, **options):
    with pytest.raises(StudyError) as caught:
        run(*cells, **options)
    (fault,) = caught.value.faults
    return fault


@TWICE
def test_a_notebook_finds_nothing_that_another_left_behind(run, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    fault_of(
        run,
        "import os, sys, pandas\nleft = 1\nos.chdir('elsewhere')\nos.environ['LEFT'] = 'yes'\n"
        "pandas.set_option('display.max_rows', 7)\npandas.left = 1\nraise KeyError('left')",
    )
    seen = run(
        "import os, pandas\nprint('left' in globals(),"
        " os.path.basename(os.getcwd()) == 'elsewhere',"
        " os.environ.get('LEFT'), pandas.get_option('display.max_rows') == 7,"
        " hasattr(pandas, 'left'), [n for n in dir() if n.startswith('name')])",
    )
    assert printed(seen).split("\n")[0] == "False False None False False []"


def test_a_build_leaves_nothing_in_the_history_of_the_user(tmp_path, monkeypatch):
    own = tmp_path / "ipython"
    monkeypatch.setenv("IPYTHONDIR", str(own))
    kernels = Kernels(tmp_path, ahead=1, total=1)
    path = write_notebook(tmp_path / "notebooks/01-own.ipynb", "confidential = 1")
    with kernels.kernel() as manager:
        execute(path, {}, manager, cwd=tmp_path, minutes=1)
    kernels.close()
    assert not list(own.rglob("history*"))


def test_helpers_beside_the_notebook_and_in_the_study_are_found(run, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/beside.py").write_text("VALUE = 1\n", encoding="utf-8")
    (tmp_path / "above.py").write_text("VALUE = 2\n", encoding="utf-8")
    seen = run("import above, beside", "print(above.VALUE + beside.VALUE)")
    assert printed(seen) == "3\n"


def test_a_figure_of_an_own_notebook_is_shown_once(run):
    seen = run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    shown = [output for cell in seen.cells for output in cell.outputs if "data" in output]
    assert [sorted(output["data"]) for output in shown] == [["image/png", "text/plain"]]


@pytest.mark.parametrize(
    "cell",
    [
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "from matplotlib.figure import Figure\nfigure = Figure()\nfigure.subplots()\nfigure",
    ],
    ids=["pyplot", "without pyplot"],
)
def test_a_figure_has_twice_the_dots_of_its_size(run, cell):
    (shown,) = (out for code in run(cell).cells for out in code.outputs if "data" in out)
    picture = base64.b64decode(shown["data"]["image/png"])
    width, height = struct.unpack(">II", picture[16:24])
    size = shown["metadata"]["image/png"]
    assert (width // 2, height // 2) == (size["width"], size["height"])


@pytest.mark.parametrize("name", ["own-figure/07-mine", "list-parameter/07-mine-variants"])
def test_a_cell_of_an_own_notebook_shows_one_figure_or_table_however_it_is_made(name, tmp_path):
    kernels = Kernels(tmp_path, ahead=1, total=1)
    path = ROOT / "tests/studies" / f"{name}.ipynb"
    with kernels.kernel() as manager:
        given = {"codes": ["B", "C"]}
        seen = execute(path, given, manager, cwd=tmp_path, minutes=1, show_errors=True)
    kernels.close()
    labelled = [cell for cell in seen.cells if cell.source.startswith("#| label:")]
    assert labelled
    for cell in labelled:
        kind = "image/png" if "label: fig-" in cell.source else "text/"
        shown = [out["data"] for out in cell.outputs if "data" in out]
        # a figure that is shown and returned is the same picture twice
        held = {data[of] for data in shown for of in data if of.startswith(kind) and of in MEANT}
        assert len(held) == 1, cell.source
    if "own-figure" in name:
        assert "['B', 'C']" in printed(seen)


def test_lists_and_numbers_arrive_as_they_are(run):
    seen = run("print(top, type(top).__name__)", top=["a", "b"])
    assert printed(seen) == "['a', 'b'] list\n"


@TWICE
def test_the_words_of_an_error_are_told_only_where_the_study_file_allows_it(run):
    cell = "raise ValueError('She said: I am afraid')"
    fault = fault_of(run, "x = 1", cell, top=2)
    assert (fault.file, fault.row, fault.found) == ("notebooks/01-own.ipynb", 3, "ValueError")
    assert "afraid" not in str(fault)
    assert "show_errors" in fault.remedy
    assert "afraid" in fault_of(run, cell, show_errors=True).found


def test_what_a_cell_found_at_fault_is_told_as_it_is(run):
    fault = fault_of(
        run,
        "from qdaio.faults import Fault, StudyError\n"
        "raise StudyError(Fault(kind='bad-number', file='a.csv', row=4, remedy='Mend it.'))",
    )
    assert "a.csv, row 4: bad number" in fault.found


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        ("OSError(28, 'No space left on device', 'x')", "full-disk"),
        ("PermissionError(13, 'Permission denied', 'x')", "no-permission"),
        ("OSError('words of an interview')", "notebook-failed"),
    ],
)
def test_what_the_system_refuses_is_said_plainly(run, raised, kind):
    fault = fault_of(run, f"raise {raised}")
    assert (fault.kind, fault.row) == (kind, 2)
    assert "interview" not in (fault.found or "")


def test_a_cell_that_never_ends_is_named(run):
    fault = fault_of(run, "x = 1", "while True: pass", minutes=1 / 60)
    assert (fault.kind, fault.row) == ("notebook-too-slow", 3)


def test_a_kernel_that_ends_by_itself_is_named(run):
    fault = fault_of(run, "x = 1", "import os\nos._exit(1)")
    assert (fault.kind, fault.row) == ("notebook-failed", 3)
    assert "memory" in fault.remedy


@pytest.fixture
def looping(tmp_path: Path):
    """A build of a study whose notebook never ends, and the process of its kernel."""
    folder = small_study(tmp_path / "study")
    write_notebook(folder / "notebooks/01-loop.ipynb", LOOP)
    with subprocess.Popen(
        [sys.executable, "-m", "analysis", "build", str(folder)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        pid = folder / "pid.txt"
        wait_until(pid.is_file)
        wait_until(lambda: bool(pid.read_text()))
        yield process, int(pid.read_text())
        process.kill()


def wait_until(true, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    import psutil

    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.skipif(os.name == "nt", reason="signals are sent as on Unix")
@pytest.mark.parametrize(
    ("number", "status", "said"),
    [("SIGINT", 130, "Interrupted"), ("SIGTERM", 143, ""), ("SIGKILL", -9, "")],
)
def test_no_kernel_outlives_a_build_however_it_ends(looping, number, status, said):
    process, kernel = looping
    process.send_signal(getattr(signal, number))
    _, told = process.communicate(timeout=30)
    assert process.returncode == status
    assert said in told
    assert "Done" not in told
    assert "Traceback" not in told
    wait_until(lambda: not is_running(kernel), 10)


def test_a_second_build_of_a_study_is_told_of_the_first(looping):
    process, _ = looping
    done = subprocess.run(
        process.args, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.returncode == 1
    assert "another build of this study" in done.stderr


def test_a_kernel_that_does_not_start_at_once_is_tried_again(run, monkeypatch):
    from analysis.build import kernels

    tries: list[int] = []
    start = kernels._run

    def taken_port(manager, code):
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("Address already in use")
        start(manager, code)

    monkeypatch.setattr(kernels, "_run", taken_port)
    assert printed(run("print('here')")) == "here\n"
    assert len(tries) >= 2


def test_a_kernel_that_dies_at_its_start_holds_nothing_up(run, monkeypatch):
    from analysis.build import kernels

    tries: list[int] = []
    start = kernels._run

    def dies(manager, code):
        tries.append(1)
        if len(tries) == 1:
            manager.signal_kernel(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
            time.sleep(60)  # as a question to a kernel that is gone can last
        start(manager, code)

    monkeypatch.setattr(kernels, "_run", dies)
    began = time.monotonic()
    assert printed(run("print('here')")) == "here\n"
    assert time.monotonic() - began < 50
