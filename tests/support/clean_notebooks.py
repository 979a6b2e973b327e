"""Says which notebooks were saved with outputs or run numbers."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def is_clean(path: Path) -> bool:
    """Whether no code cell holds an output or a run number."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def main(names: list[str]) -> int:
    """Check the named notebooks."""
    dirty = [name for name in names if not is_clean(Path(name))]
    for name in dirty:
        print(f"{name}: clear all outputs and save")
    return 1 if dirty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
