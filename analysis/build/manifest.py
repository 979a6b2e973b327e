"""Which build each product is of, so that products that do not belong together are told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qdaio.files.writing import sha256, write_text

if TYPE_CHECKING:
    from analysis.build.steps import Step

__all__ = ["MANIFEST", "is_made", "out_of_step", "read_manifest", "write_manifest"]

MANIFEST = "report/output/build.json"
PROCESSED = "data-processed"


def is_made(path: Path, root: Path) -> bool:
    """Whether a file lies where builds make things, and people do not write."""
    report = root / "report"
    below = any(path.is_relative_to(folder) for folder in (root / PROCESSED, report / "output"))
    return below or (path.parent == report and path.name.startswith("_"))


def write_manifest(folder: Path, steps: Sequence[Step]) -> None:
    """Write which build each product is of.

    The id of a build is made from the content of what the manuscript is made from, so that
    equal builds have equal ids; each product has the id of the build that made it so.
    """
    digest = hashlib.sha256()
    for path in steps[-1].inputs:
        digest.update(f"{path.relative_to(folder).as_posix()} {sha256(path)}\n".encode())
    for key, value in sorted(steps[-1].values.items()):
        digest.update(b"" if key == "formats" else f"{key} {value}\n".encode())
    build = digest.hexdigest()[:16]
    products = read_manifest(folder).get("products", {})
    made = {path.relative_to(folder).as_posix(): path for step in steps for path in step.outputs}
    kept = {name: told for name, told in products.items() if (folder / name).is_file()}
    kept |= {name: {"build": build, "sha256": sha256(path)} for name, path in made.items()}
    text = json.dumps({"build": build, "products": kept}, indent=1, sort_keys=True)
    write_text(folder / MANIFEST, text + "\n")


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
        One sentence for manuscripts of an earlier build, and one for products that are not
        as the last whole build left them.
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
    return notes


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
