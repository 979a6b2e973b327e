"""From the manuscript's text and the notebooks' tables and figures to four formats."""

from __future__ import annotations

from .render import FORMATS, RenderResult, render

__all__ = ["FORMATS", "RenderResult", "render"]
