"""What the cells of a notebook read, define and show, found in their code without running it.

A check says by it what a build would refuse. Where the code leaves it open, nothing is said.
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.build.code import python_of
from analysis.notebook import OptionsError, described, is_labelled, read_options
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.labels import did_you_mean, nearest

__all__ = [
    "DOT",
    "TABLE",
    "code_faults",
    "numbers_given",
    "predicted_outputs",
    "tables_named",
]

# the smallest picture there is, in place of a figure
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er"
    "kJggg=="
)
TABLE = "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>"
OPENS = "open_study"
# what IPython gives to every notebook
GIVEN = {
    *("display", "get_ipython", "In", "Out", "exit", "quit", "_", "__", "___", "_i", "_ii", "_oh"),
    *("_dh", "_ih", "__name__", "__builtins__", "__doc__", "__spec__", "__loader__"),
}
# magics that give no names and add no modules
PLAIN_MAGICS = {"matplotlib", "config", "time", "timeit", "precision", "load_ext", "autoreload"}
DYNAMIC = {"exec", "eval", "globals", "locals", "vars", "NameError", "setattr"}


@lru_cache(maxsize=512)
def _tree_of(source: str) -> ast.Module | None:
    """Return the code of a cell as a tree; None where it is not Python."""
    try:
        return ast.parse(python_of(source))
    except SyntaxError:
        return None


def _trees(sources: Iterable[str]) -> list[ast.Module]:
    return [tree for source in sources if (tree := _tree_of(source)) is not None]


def _is_call(node: ast.AST | None, name: str) -> bool:
    return isinstance(node, ast.Call) and _called(node) == name


def _called(node: ast.Call) -> str:
    """Return the last part of what a call calls."""
    of = node.func
    return of.attr if isinstance(of, ast.Attribute) else of.id if isinstance(of, ast.Name) else ""


@lru_cache(maxsize=64)
def _calls(sources: tuple[str, ...]) -> list[tuple[int, str, ast.Call]]:
    """Return what a notebook asks of its workspaces: position of the source, method, call."""
    found: list[tuple[int, str, str, ast.Call]] = []
    workspaces: set[str] = set()
    for at, source in enumerate(sources):
        for node in ast.walk(_tree_of(source) or ast.Pass()):
            if isinstance(node, ast.Assign) and _is_call(node.value, OPENS):
                workspaces |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
            ):
                found.append((at, node.func.value.id, node.func.attr, node))
    return [(at, verb, call) for at, name, verb, call in found if name in workspaces]


def _asked(sources: Iterable[str], verb: str) -> Iterator[tuple[int, ast.Call]]:
    """Yield the calls of one method of the workspace, with the position of their source."""
    return ((at, call) for at, asked, call in _calls(tuple(sources)) if asked == verb)


def _text(call: ast.Call) -> str | None:
    """Return the first argument of a call where it is a text that stands there."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    return None


def tables_named(sources: Iterable[str], verb: str) -> list[tuple[int, str]]:
    """Return the tables that cells read or write by a name that stands in their code.

    Parameters
    ----------
    sources : iterable of str
    verb : {"read", "write"}
        The method of the workspace.

    Returns
    -------
    list of (int, str)
        The position of the cell among `sources`, and the name.
    """
    return [(at, name) for at, call in _asked(sources, verb) if (name := _text(call))]


def numbers_given(sources: Iterable[str]) -> tuple[list[str], set[str]]:
    """Return the parts and the keys of the numbers that cells write, as far as they stand there.

    Returns
    -------
    parts : list of str
        First arguments of ``workspace.write_metrics``; an empty text for one that is computed.
    keys : set of str
    """
    parts: list[str] = []
    keys: set[str] = set()
    for _, call in _asked(sources, "write_metrics"):
        parts.append(_text(call) or "")
        for given in call.args[1:]:
            if isinstance(given, ast.Dict):
                keys |= {
                    key.value
                    for key in given.keys
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
    return parts, keys


def code_faults(
    file: str,
    sources: tuple[str, ...],
    places: tuple[int, ...],
    folders: tuple[Path, ...],
) -> list[Fault]:
    """Return what would stop the cells of a notebook, and can be seen in their code.

    Parameters
    ----------
    file : str
        How faults call the notebook.
    sources : tuple of str
        Its code cells.
    places : tuple of int
        Where each stands among all cells, from 1.
    folders : tuple of Path
        Where modules of the study's own may lie.

    Returns
    -------
    list of Fault
        Each with the cell for its row.
    """
    faults = FaultList()

    def stop(at: int, found: str, remedy: str, **more: str) -> None:
        kind = more.pop("kind", "notebook-failed")
        column = more.pop("column", "cell")
        faults.add(
            kind=kind,
            file=file,
            row=places[at],
            column=column,
            found=found,
            remedy=remedy,
            **more,
        )

    for at, source in enumerate(sources):
        if _tree_of(source) is None:
            line = _line_of_error(source)
            where = f" in its line {line}" if line else ""
            stop(at, f"code that is not Python{where}", "Mend the cell: `study lab` shows it.")
    _names_and_modules(sources, folders, stop)
    bound = _bound(sources)
    for at in dict.fromkeys(at for at, _ in _asked(sources, "show")):
        try:
            described(sources[at], dict.fromkeys(bound, ""))
        except StudyError as error:
            for fault in error.faults:
                said = {"kind": fault.kind, "expected": str(fault.expected)}
                stop(at, str(fault.found), fault.remedy, **said)
    return list(faults)


def _line_of_error(source: str) -> int | None:
    try:
        ast.parse(python_of(source))
    except SyntaxError as error:
        return error.lineno
    return None


def _bound(sources: Iterable[str]) -> set[str]:
    """Return every name that cells give to something, wherever they do."""
    found: set[str] = set()
    for tree in _trees(sources):
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                found.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, ast.alias):
                found.add((node.asname or node.name).partition(".")[0])
            elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
                found.add(node.name)
            elif isinstance(node, ast.MatchMapping) and node.rest:
                found.add(node.rest)
    return found


def _is_dynamic(trees: Iterable[ast.Module]) -> bool:
    """Whether cells can get names or modules in a way that their code does not show."""
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in DYNAMIC:
                return True
            if isinstance(node, ast.alias) and node.name == "*":
                return True
            if isinstance(node, ast.Attribute) and node.attr in ("path", "user_ns", "push"):
                return True
            if isinstance(node, ast.Call) and "magic" in _called(node):
                if _called(node) != "run_line_magic" or _text(node) not in PLAIN_MAGICS:
                    return True
            elif isinstance(node, ast.Call) and _called(node) in ("system", "getoutput"):
                return True
    return False


def _names_and_modules(sources: tuple[str, ...], folders: tuple[Path, ...], stop: Any) -> None:
    """Find names that no cell gives, and modules that are not installed."""
    if _is_dynamic(_trees(sources)):
        return
    is_whole = all(_tree_of(source) is not None for source in sources)
    known = _bound(sources) | GIVEN | set(dir(builtins))
    told: set[str] = set()
    for at, source in enumerate(sources):
        tree = _tree_of(source)
        if tree is None:
            continue
        for node in tree.body:
            for name, missing in _missing_imports(node, folders):
                if name not in told:
                    told.add(name)
                    stop(at, f"{name}, {missing}", "Correct the name, or install what is missing.")
        for name in _used(tree) if is_whole else ():
            if name not in known and name not in told:
                told.add(name)
                near = nearest(name, sorted(known - set(dir(builtins))))
                remedy = did_you_mean(near, "Correct it in the cell.")
                stop(at, f"{name}, a name that no cell gives to anything", remedy)


def _used(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a cell uses when it runs, without those inside functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        yield from _used(node)


def _missing_imports(node: ast.stmt, folders: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    """Yield what a statement imports and cannot, with what it is."""
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        modules = [node.module]
    else:
        return
    for module in modules:
        top = module.partition(".")[0]
        if any((folder / f"{top}.py").is_file() or (folder / top).is_dir() for folder in folders):
            continue
        if importlib.util.find_spec(top) is None:
            yield top, "a module that is not installed"
        elif top in ("analysis", "qdaio"):
            spec = importlib.util.find_spec(module)
            if spec is None:
                yield module, "a module that there is not"
            elif isinstance(node, ast.ImportFrom) and spec.origin:
                origin = Path(spec.origin)
                text = origin.read_text(encoding="utf-8")
                beside = {path.stem for path in origin.parent.iterdir()}
                for alias in node.names:
                    is_there = re.search(rf"\b{re.escape(alias.name)}\b", text)
                    if not is_there and alias.name not in beside:
                        yield alias.name, f"a name that {module} does not have"


def predicted_outputs(
    sources: tuple[str, ...],
    read: Mapping[str, Any] | None = None,
) -> list[list[dict[str, Any]]]:
    """Return what cells with a label would show, as far as their code tells.

    Parameters
    ----------
    sources : tuple of str
        The code cells of a notebook.
    read : mapping, optional
        Frames that the study has, by the name of their table.

    Returns
    -------
    list of list of dict
        For each cell the outputs of a notebook: a stand-in for a table or figure of which
        nothing is known; nothing for a cell that shows nothing.
    """
    ours = _of_this_package(sources)
    frames = _frames(sources, read or {})
    return [_predicted(source, ours, frames) for source in sources]


def _predicted(source: str, ours: set[str], frames: Mapping[str, Any]) -> list[dict[str, Any]]:
    tree = _tree_of(source)
    try:
        options = read_options(source)
    except OptionsError:
        return []
    if tree is None or not is_labelled(options):
        return []
    kind = str(options["label"])[:3]
    stand_in = {"text/html": TABLE} if kind == "tbl" else {"image/png": DOT}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if used & ours or any(_is_call(node, "show") for node in _shown_by(tree, ours)):
        said = {"alt": "a description", "caption": str(options.get(f"{kind}-cap") or "a caption")}
        return [_output(stand_in, {"study": said})]
    if kind == "fig":
        if not any(
            isinstance(node, ast.Call) and not _is_call(node, "print") for node in ast.walk(tree)
        ):
            return []
        shows = [at for at, node in enumerate(tree.body) if _shows_figures(node)]
        apart = any(later - earlier > 1 for earlier, later in itertools.pairwise(shows))
        again = [_output({"image/png": f"{DOT}\n"})] if apart else []
        return [_output(stand_in), *again]
    last = tree.body[-1] if tree.body else None
    value = last.value if isinstance(last, ast.Expr) else None
    if isinstance(value, ast.Call) and _called(value) == "display" and len(value.args) == 1:
        value = value.args[0] if isinstance(value.args[0], (ast.Call, ast.Name)) else value
    if isinstance(value, ast.Call) and _called(value) in ("Markdown", "HTML"):
        text = _text(value)
        form = "text/markdown" if _called(value) == "Markdown" else "text/html"
        return [_output(stand_in if text is None else {form: text})]
    if isinstance(value, ast.Name) and value.id in frames:
        return [_output({"text/html": frames[value.id]._repr_html_()})]
    is_quiet = source.rstrip().endswith(";") or value is None or _is_call(value, "print")
    return [] if is_quiet and not _may_show(tree, value) else [_output(stand_in)]


def _output(data: dict[str, str], metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": metadata or {}, "data": data}


def _shows_figures(node: ast.stmt) -> bool:
    """Whether a statement is ``plt.show()``."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == "show"
        and isinstance(node.value.func.value, ast.Name)
        and node.value.func.value.id in ("plt", "pyplot")
    )


def _may_show(tree: ast.Module, last: ast.expr | None) -> bool:
    """Whether a cell calls something, besides the end of it, that could show a table."""
    return any(
        isinstance(node, ast.Expr)
        and node.value is not last
        and isinstance(node.value, ast.Call)
        and not _is_call(node.value, "print")
        for node in ast.walk(tree)
    )


def _shown_by(tree: ast.Module, ours: set[str]) -> Iterator[ast.Call]:
    """Yield the calls of ``show`` by something else than a library for figures."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            if isinstance(of, ast.Name) and of.id not in ("plt", "pyplot", "fig", "figure"):
                yield node


def _of_this_package(sources: tuple[str, ...]) -> set[str]:
    """Return the names that may hold a table or figure which brings its own caption.

    Those that this package or a module of the study gives, and all that rest on them.
    """
    trees = _trees(sources)
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                top = module.partition(".")[0]
                if module == "analysis.workspace" or not (top == "analysis" or _is_own(top)):
                    continue
                found |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.Import):
                found |= {
                    (alias.asname or alias.name).partition(".")[0]
                    for alias in node.names
                    if alias.name.startswith("analysis") or _is_own(alias.name.partition(".")[0])
                }
    before = -1
    while before < len(found):
        before = len(found)
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, (ast.Assign, ast.FunctionDef, ast.For, ast.With)):
                    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
                    if names & found:
                        found |= _given_by(node)
    return found


def _given_by(node: ast.AST) -> set[str]:
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.For):
        return {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {part.id for to in targets for part in ast.walk(to) if isinstance(part, ast.Name)}


@lru_cache(maxsize=256)
def _is_own(module: str) -> bool:
    """Whether a module is of the study: no installed one has its name."""
    return bool(module) and importlib.util.find_spec(module) is None


def _frames(sources: tuple[str, ...], read: Mapping[str, Any]) -> dict[str, Any]:
    """Return the frames of names that hold a table of the study as it was read."""
    asked = {id(call): _text(call) for _, call in _asked(sources, "read")}
    found: dict[str, Any] = {}
    often: dict[str, int] = {}
    for tree in _trees(sources):
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                often[node.id] = often.get(node.id, 0) + 1
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                for part in ast.walk(node):  # a column that a cell adds
                    if isinstance(part, ast.Name):
                        often[part.id] = often.get(part.id, 0) + 1
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                pairs = [(node.targets[0], node.value)]
                if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(node.targets[0].elts, node.value.elts, strict=False))
                for target, value in pairs:
                    name = asked.get(id(value))
                    if isinstance(target, ast.Name) and name in read:
                        found[target.id] = read[str(name)]
    return {name: frame for name, frame in found.items() if often.get(name) == 1}
