"""Tables and columns of a QualCoder project, versions 1 to 4 of the program."""

from __future__ import annotations

from qdaio.database_schema import Schema

__all__ = ["SIGNATURE", "TABLES"]

SIGNATURE = frozenset({"code_name", "code_text", "code_cat", "source"})

NEEDED: dict[str, dict[str, str]] = {
    "source": {"id": "whole", "name": "text", "fulltext": "text", "mediapath": "text"},
    "code_name": {"cid": "whole", "name": "text", "catid": "whole"},
    "code_cat": {"catid": "whole", "name": "text", "supercatid": "whole"},
    "code_text": {
        "cid": "whole",
        "fid": "whole",
        "seltext": "text",
        "pos0": "whole",
        "pos1": "whole",
        "owner": "text",
    },
}
# Tables that a project may lack; where one is there, it has these columns.
OPTIONAL: dict[str, dict[str, str]] = {
    "code_image": {
        "id": "whole",
        "cid": "whole",
        "x1": "rounded",
        "y1": "rounded",
        "width": "rounded",
        "height": "rounded",
        "owner": "text",
    },
    "code_av": {"id": "whole", "cid": "whole", "pos0": "whole", "pos1": "whole", "owner": "text"},
    "cases": {"caseid": "whole", "name": "text"},
    "case_text": {"caseid": "whole", "fid": "whole", "pos0": "whole", "pos1": "whole"},
    "attribute": {"name": "text", "attr_type": "text", "value": "text", "id": "whole"},
    "project": {},
}
# Columns that came with later versions, or say more.
MORE: dict[str, dict[str, str]] = {
    "code_name": {"memo": "text", "color": "text", "supercid": "whole"},
    "code_cat": {"memo": "text"},
    "code_text": {"date": "text", "memo": "text"},
    "code_image": {"date": "text", "memo": "text", "pdf_page": "whole"},
    "code_av": {"date": "text", "memo": "text"},
    "project": {"databaseversion": "text", "about": "text"},
}

TABLES = Schema(NEEDED, OPTIONAL, MORE)
