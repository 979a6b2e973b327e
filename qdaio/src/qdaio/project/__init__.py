"""The coded project: one model that every program's export loads into."""

from __future__ import annotations

from qdaio.project.frames import FRAMES, empty_frame, make_frame
from qdaio.project.model import CodedProject, ExportFile, ExportInfo, SetAside

__all__ = [
    "FRAMES",
    "CodedProject",
    "ExportFile",
    "ExportInfo",
    "SetAside",
    "empty_frame",
    "make_frame",
]
