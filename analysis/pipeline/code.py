"""The code that a notebook runs: modules of the two packages, with all that these import."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import analysis
import qdaio

__all__ = ["code_hash", "imported_modules", "imports_of"]

PACKAGES = {package.__name__: Path(str(package.__file__)).parent for package in (analysis, qdaio)}


def imports_of(source: str, package: str = "") -> set[str]:
    """Return the modules of the two packages that a piece of Python imports, at any depth.

    Relative imports count from `package`. ``from analysis.x import y`` counts as both
    ``analysis.x`` and ``analysis.x.y``, as ``y`` can be a module. Lines that are not
    Python, such as magics, are passed over.
    """
    kept = "\n".join(
        "" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()
    )
    found: set[str] = set()
    for node in ast.walk(ast.parse(kept)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
            origin = ".".join([*parts, node.module] if node.module else parts)
            found |= {origin, *(f"{origin}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # modules that a registry imports by name, as "qdaio.x:Reader"
            name = node.value.split(":", 1)[0]
            if "." in name and name.replace(".", "").isidentifier():
                found.add(name)
    return {name for name in found if name.partition(".")[0] in PACKAGES}


def _file_of(module: str) -> Path | None:
    package, *parts = module.split(".")
    path = PACKAGES[package].joinpath(*parts)
    for candidate in (path / "__init__.py", path.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    return None


@cache
def _imports_of_module(module: str) -> frozenset[str]:
    path = _file_of(module)
    if path is None:
        return frozenset()
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    parents = {module.rsplit(".", at)[0] for at in range(1, module.count(".") + 1)}
    return frozenset(imports_of(path.read_text(encoding="utf-8"), package) | parents)


def imported_modules(sources: Iterable[str]) -> list[str]:
    """Return every module on which pieces of Python rest, sorted."""
    waiting = set().union(*(imports_of(source) for source in sources))
    found: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module not in found and _file_of(module):
            found.add(module)
            waiting |= _imports_of_module(module) - found
    return sorted(found)


def code_hash(sources: Iterable[str]) -> str:
    """Hash the code on which pieces of Python rest; their own text is not part of it."""
    digest = hashlib.sha256()
    for module in imported_modules(sources):
        for path in _files_of(module):
            content = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{module} {path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _files_of(module: str) -> list[Path]:
    """Return the file of a module; for a package also its files that are not code."""
    path = _file_of(module)
    if path is None:
        return []
    if path.name != "__init__.py" or path.parent in PACKAGES.values():
        return [path]
    beside = [item for item in path.parent.rglob("*") if item.is_file()]
    return [path, *sorted(item for item in beside if item.suffix not in (".py", ".pyc"))]
