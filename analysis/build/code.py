"""The code that a notebook depends on: modules of this project, and the study's own helpers.

Cells may hold what only IPython understands (``df?``, ``%%bash``, ``x = !ls``); they are
read as IPython reads them.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import analysis
import qdaio

__all__ = ["code_hash", "helpers_of", "imported_modules", "imports_of", "python_of"]

PACKAGES = {package.__name__: Path(str(package.__file__)).parent for package in (analysis, qdaio)}

# Parsing the two packages takes longer than all else in a build in which nothing changed, so
# their modules are searched instead. This may find an import too many, as in a docstring,
# and never one too few in code that is formatted as ours.
FROM = re.compile(
    r"^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)", re.MULTILINE
)
IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n#]+)", re.MULTILINE)
NAMED = re.compile(rf"[\"']((?:{'|'.join(PACKAGES)})(?:\.\w+)+)(?::\w+)?[\"']")
# what finds readers by their entry points, and so rests on all of them
REGISTRY = "qdaio.registry"
# cell magics whose body is Python
PYTHON_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")


def python_of(cell: str) -> str:
    """Return a cell as plain Python, as IPython would run it.

    Raises
    ------
    SyntaxError
        When it is not Python even so.
    """
    try:
        ast.parse(cell)
    except (SyntaxError, ValueError):
        from IPython.core.inputtransformer2 import TransformerManager

        first, _, body = cell.lstrip().partition("\n")
        if first.split(maxsplit=1)[:1] and first.split(maxsplit=1)[0] in PYTHON_MAGICS:
            return python_of(body)
        cell = TransformerManager().transform_cell(cell)  # type: ignore[no-untyped-call]
        try:
            ast.parse(cell)
        except ValueError as error:  # a null byte
            raise SyntaxError(str(error)) from error
    return cell


def imports_of(cell: str) -> set[str]:
    """Return the modules that a cell imports, at any depth and of any package.

    ``from a.b import c`` counts as both ``a.b`` and ``a.b.c``, as ``c`` can be a module. A
    cell that is not Python imports nothing: running it will say so.
    """
    try:
        tree = ast.parse(python_of(cell))
    except SyntaxError:
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@cache
def _file_of(module: str) -> Path | None:
    package, *parts = module.split(".")
    if package not in PACKAGES:
        return None
    path = PACKAGES[package].joinpath(*parts)
    for candidate in (path / "__init__.py", path.with_name(f"{path.name}.py")):
        if candidate.is_file():
            return candidate
    return None


@cache
def _imports_of_module(module: str) -> frozenset[str]:
    """Return what a module of the two packages imports, with the packages that it lies in."""
    path = _file_of(module)
    if path is None:
        return frozenset()
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    parents = {module.rsplit(".", at)[0] for at in range(1, module.count(".") + 1)}
    found = searched_imports(path.read_text(encoding="utf-8"), package)
    if module == REGISTRY:
        found |= _readers()[0]
    return frozenset(found | parents)


@cache
def _readers() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the modules of our readers, and name and version of who registers others."""
    from importlib.metadata import entry_points

    modules, others = set(), set()
    for entry in entry_points(group="qdaio.readers"):
        if entry.module.partition(".")[0] in PACKAGES:
            modules.add(entry.module)
        elif entry.dist is not None:
            others.add(f"{entry.dist.name} {entry.dist.version}")
    return frozenset(modules), tuple(sorted(others))


def searched_imports(source: str, package: str) -> set[str]:
    """Return the modules of the two packages that a module of ours imports.

    Parameters
    ----------
    source : str
    package : str
        From which relative imports count.
    """
    found = set(NAMED.findall(source))
    for origin, names in FROM.findall(source):
        dots = len(origin) - len(origin.lstrip("."))
        above = package.split(".")[: package.count(".") + 2 - dots] if dots else []
        base = ".".join([*above, *filter(None, [origin.lstrip(".")])])
        found |= {base, *(f"{base}.{name.split()[0]}" for name in _listed(names))}
    for names in IMPORT.findall(source):
        found |= {name.split()[0] for name in _listed(names)}
    return {name for name in found if name.partition(".")[0] in PACKAGES}


def _listed(names: str) -> list[str]:
    lines = (line.partition("#")[0] for line in names.strip("()").splitlines())
    return [name.strip() for name in ",".join(lines).split(",") if name.strip()]


def imported_modules(cells: Iterable[str]) -> list[str]:
    """Return every module of the two packages on which cells rest, sorted."""
    waiting = set().union(*(imports_of(cell) for cell in cells))
    found: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module not in found and _file_of(module):
            found.add(module)
            waiting |= _imports_of_module(module) - found
    return sorted(found)


@cache
def _module_digest(module: str) -> bytes:
    """Hash a module's file; of a package also its files that are not code."""
    path = _file_of(module)
    if path is None:
        return b""
    paths = [path]
    if path.name == "__init__.py" and path.parent not in PACKAGES.values():
        beside = [item for item in path.parent.rglob("*") if item.is_file()]
        paths += sorted(item for item in beside if item.suffix not in (".py", ".pyc"))
    digest = hashlib.sha256()
    for item in paths:
        content = item.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{module} {item.name} {len(content)}\n".encode() + content)
    return digest.digest()


def code_hash(cells: Iterable[str]) -> str:
    """Hash the code of the two packages on which cells rest; their own text is no part of it.

    Readers that another distribution registers count by its version.
    """
    digest = hashlib.sha256()
    for module in imported_modules(cells):
        digest.update(_module_digest(module))
        if module == REGISTRY:
            digest.update("\n".join(_readers()[1]).encode())
    return digest.hexdigest()


def helpers_of(cells: Iterable[str], folders: Iterable[Path]) -> list[Path]:
    """Return the study's own modules that cells import, with what these import.

    Parameters
    ----------
    cells : iterable of str
    folders : iterable of Path
        Where such modules may lie, as Python would look for them.

    Returns
    -------
    list of Path
    """
    folders = list(folders)
    waiting = set().union(*(imports_of(cell) for cell in cells))
    seen: set[str] = set()
    found: set[Path] = set()
    while waiting:
        module = waiting.pop()
        seen.add(module)
        for at in range(1, module.count(".") + 2):
            path = _own_file(".".join(module.split(".")[:at]), folders)
            if path is None or path in found:
                continue
            found.add(path)
            source = path.read_text(encoding="utf-8", errors="replace")
            waiting |= (imports_of(source) | _beside(source, path, folders)) - seen
    return sorted(found)


def _own_file(module: str, folders: list[Path]) -> Path | None:
    if module.partition(".")[0] in PACKAGES:
        return None
    for folder in folders:
        path = folder.joinpath(*module.split("."))
        for candidate in (path / "__init__.py", path.with_name(f"{path.name}.py")):
            if candidate.is_file():
                return candidate
    return None


def _beside(source: str, path: Path, folders: list[Path]) -> set[str]:
    """Return what a helper imports relative to itself, as names from the folders."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1]
            for folder in folders:
                if base.is_relative_to(folder):
                    lead = [*base.relative_to(folder).parts, *filter(None, [node.module])]
                    found |= {".".join([*lead, alias.name]) for alias in node.names}
                    found.add(".".join(lead))
    return found - {""}
