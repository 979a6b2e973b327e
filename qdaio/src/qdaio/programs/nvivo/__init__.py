"""NVivo: matrices, codebooks, classification sheets, and what is coded at a node."""

from __future__ import annotations

from qdaio.programs.nvivo.tables import CLASSIFICATION, CODEBOOK, FILES, MATRIX

__all__ = ["CLASSIFICATION", "CODEBOOK", "FILES", "MATRIX"]
