"""Tables and columns of an RQDA project, versions 0.1.5 to 0.2."""

from __future__ import annotations

from qdaio.database_schema import Schema

__all__ = ["LIVE", "SIGNATURE", "TABLES", "is_live"]

SIGNATURE = frozenset({"freecode", "coding", "source"})
LIVE = 1  # the status of what is not deleted

NEEDED: dict[str, dict[str, str]] = {
    "source": {"id": "whole", "name": "text", "file": "text", "status": "whole"},
    "freecode": {"id": "whole", "name": "text", "status": "whole"},
    "coding": {
        "cid": "whole",
        "fid": "whole",
        "seltext": "text",
        "selfirst": "whole",
        "selend": "whole",
        "status": "whole",
    },
}
# Tables that a project may lack; where one is there, it has these columns.
OPTIONAL: dict[str, dict[str, str]] = {
    "coding2": NEEDED["coding"],
    "codecat": {"catid": "whole", "name": "text", "status": "whole"},
    "treecode": {"cid": "whole", "catid": "whole", "status": "whole"},
    "filecat": {"catid": "whole", "name": "text", "status": "whole"},
    "treefile": {"fid": "whole", "catid": "whole", "status": "whole"},
    "cases": {"id": "whole", "name": "text", "status": "whole"},
    "caselinkage": {
        "caseid": "whole",
        "fid": "whole",
        "selfirst": "whole",
        "selend": "whole",
        "status": "whole",
    },
    "caseattr": {"variable": "text", "value": "text", "caseid": "whole"},
    "fileattr": {"variable": "text", "value": "text", "fileid": "whole"},
    "image": {"id": "whole", "name": "text", "status": "whole"},
    "imagecoding": {
        "cid": "whole",
        "iid": "whole",
        "x1": "rounded",
        "y1": "rounded",
        "x2": "rounded",
        "y2": "rounded",
        "status": "whole",
    },
    "project": {},
}
# Columns that came with later versions, or say more.
MORE: dict[str, dict[str, str]] = {
    "freecode": {"memo": "text", "color": "text"},
    "coding": {"owner": "text", "date": "text", "memo": "text"},
    "coding2": {"owner": "text", "date": "text", "memo": "text"},
    "imagecoding": {"owner": "text", "date": "text", "memo": "text"},
    "codecat": {"memo": "text"},
    "caseattr": {"status": "whole"},
    "fileattr": {"status": "whole"},
    "project": {"databaseversion": "text"},
}

TABLES = Schema(NEEDED, OPTIONAL, MORE)


def is_live(status: int | None, *, unstated: bool = False) -> bool:
    """Say whether a row is not deleted; `unstated` is what no status means."""
    return unstated if status is None else status == LIVE
