"""Which build each product belongs to, so that products that do not match are reported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.build.stamps import PAGES, STAMPED, read_stamp, stamp, write_pages
from qdaio.files.writing import sha256, write_text

if TYPE_CHECKING:
    from analysis.build.steps import Step

__all__ = ["MANIFEST", "begin", "build_id", "is_made", "out_of_step", "read_manifest", "record"]

MANIFEST = "report/output/build.json"
OUTPUT = "report/output"
PROCESSED = "data-processed"


def is_made(path: Path, root: Path) -> bool:
    """Whether a file lies where builds make things, and people do not write."""
    report = root / "report"
    below = any(path.is_relative_to(folder) for folder in (root / PROCESSED, report / "output"))
    return below or (path.parent == report and path.name.startswith("_"))


def build_id(folder: Path, steps: Sequence[Step]) -> str:
    """Return the id of a build, 16 hexadecimal digits.

    It is made from the content of all that the steps start from, so that equal builds have
    equal ids; the formats that were asked for are not in it.
    """
    made = {path for step in steps for path in step.outputs}
    sources = {path for step in steps for path in step.inputs} - made
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in sources):
        digest.update(f"{name} {sha256(path)}\n".encode())
    for step in steps:
        for key, value in sorted(step.values.items()):
            if key != "formats":
                digest.update(f"{step.name} {key} {value}\n".encode())
    return digest.hexdigest()[:16]


def begin(folder: Path, build: str) -> None:
    """Let the pages of the last build know that another one was begun."""
    if (folder / OUTPUT / PAGES).is_file():
        write_pages(folder / OUTPUT, build)


def record(folder: Path, build: str, steps: Sequence[Step]) -> None:
    """Stamp the products of a build that is done, and write which build each is of."""
    made = {path.relative_to(folder).as_posix(): path for step in steps for path in step.outputs}
    stamped = [path for path in _stamped(made.values(), folder) if read_stamp(path) != build]
    for path in stamped:
        stamp(path, build)
    if stamped:
        from analysis.build.steps import renew_record

        renew_record(folder, [path.relative_to(folder).as_posix() for path in stamped])
    products = read_manifest(folder).get("products", {})
    kept = {name: told for name, told in products.items() if (folder / name).is_file()}
    kept |= {name: {"build": build, "sha256": sha256(path)} for name, path in made.items()}
    text = json.dumps({"build": build, "products": kept}, indent=1, sort_keys=True)
    write_text(folder / MANIFEST, text + "\n")
    write_pages(folder / OUTPUT, build)


def _stamped(paths: Iterable[Path], folder: Path) -> list[Path]:
    """Return the products that carry the id: those that people open and send."""
    return [path for path in paths if path.parent == folder / OUTPUT and path.suffix in STAMPED]


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read which build each product is of; empty where that is not known."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    products = found.get("products") if isinstance(found, dict) else None
    if not isinstance(products, dict) or not all(isinstance(x, dict) for x in products.values()):
        return {}
    return {"build": found.get("build"), "products": products}


def out_of_step(folder: Path) -> list[str]:
    """Say which products do not belong together.

    Returns
    -------
    list of str
        One sentence for manuscripts of an earlier build, one for products that are not
        as the last whole build left them, and one for products that carry the ids of
        different builds, though no record tells of them.
    """
    manifest = read_manifest(folder)
    older: list[str] = []
    changed: list[str] = []
    for name, told in sorted(manifest.get("products", {}).items()):
        path = folder / name
        if not is_made(path.resolve(), folder.resolve()) or not path.is_file():
            continue
        if told.get("build") != manifest["build"]:
            older.append(name)
        elif sha256(path) != told.get("sha256"):
            changed.append(name)
    notes: list[str] = []
    if older:
        notes.append(
            f"Of an earlier build: {_listed(older)}. `study build` without --to renews it."
        )
    if changed:
        notes.append(
            f"Not as the last whole build left it: {_listed(changed)}. Products may not belong "
            "together: run `study build`."
        )
    return notes or _different_stamps(folder, manifest)


def _different_stamps(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Compare what products say of themselves, for those that no record knows."""
    known = manifest.get("products", {})
    found: dict[str, list[str]] = {}
    if manifest and known:
        found[str(manifest["build"])] = []
    for path in sorted(_stamped((folder / OUTPUT).glob("*"), folder)):
        name = path.relative_to(folder).as_posix()
        if name not in known and (build := read_stamp(path)):
            found.setdefault(build, []).append(name)
    if len(found) < 2:
        return []
    said = "; ".join(
        f"{_listed(names) if names else 'the other products'} of build {build}"
        for build, names in sorted(found.items())
    )
    return [f"Products of different builds lie side by side: {said}. Run `study build`."]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
