"""Text that fits: measured in print, wrapped at words, never on top of other text."""

from __future__ import annotations

from functools import cache

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from analysis.figures.style import PRINT_DPI
from analysis.tables.printed import cell_text

__all__ = ["LEADING", "balanced", "fitted", "line_inches", "longest", "text_width", "wrapped"]

# height of a line, in parts of the size of its letters
LEADING = 1.25
POINTS = 72


@cache
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the printed width of one line in inches, shaped as it will be drawn."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, _, _ = _renderer().get_text_width_height_descent(  # type: ignore[no-untyped-call]
        text, font, False
    )
    return float(width) / PRINT_DPI


def line_inches(size: float, lines: int = 1) -> float:
    """Return the height of lines of text in inches."""
    return lines * size * LEADING / POINTS


def wrapped(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Break a text at its spaces so that no line is wider than `width` inches.

    A word that is wider than that is broken inside.

    Returns
    -------
    list of str
        At least one line.
    """
    lines: list[str] = []
    line = ""
    for word in cell_text(text).split():
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, weight) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, width, size, weight)
        lines += full
    return [*lines, line] if line or not lines else lines


def balanced(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Break a text as :func:`wrapped` does, into as few lines, of lengths alike."""
    lines = wrapped(text, width, size, weight)
    if len(lines) < 2:
        return lines
    low, high = max(longest([word], size, weight) for word in text.split()), width
    if low >= high:
        return lines
    for _ in range(8):
        middle = (low + high) / 2
        tried = wrapped(text, middle, size, weight)
        if len(tried) <= len(lines):
            lines, high = tried, middle
        else:
            low = middle
    return lines


def fitted(
    text: str,
    width: float,
    height: float,
    sizes: tuple[float, ...],
    weight: str = "normal",
) -> tuple[list[str], float] | None:
    """Return the lines and the largest size at which a text fits into a box.

    Parameters
    ----------
    text : str
    width, height : float
        Of the box, in inches.
    sizes : tuple of float
        Sizes to try in points, the preferred one first.
    weight : str

    Returns
    -------
    tuple or None
        None when it fits at no size without breaking a word.
    """
    words = cell_text(text).split()
    for size in sizes:
        if any(text_width(word, size, weight) > width for word in words):
            continue
        lines = balanced(text, width, size, weight)
        if line_inches(size, len(lines)) <= height:
            return lines, size
    return None


def longest(lines: list[str], size: float, weight: str = "normal") -> float:
    """Return the width of the widest line in inches; 0 when there is none."""
    return max((text_width(line, size, weight) for line in lines), default=0.0)


def _broken(word: str, width: float, size: float, weight: str) -> list[str]:
    pieces: list[str] = []
    while text_width(word, size, weight) > width and len(word) > 1:
        fits = [end for end in range(1, len(word)) if text_width(word[:end], size, weight) <= width]
        end = max(fits, default=1)
        pieces.append(word[:end])
        word = word[end:]
    return [*pieces, word]


@cache
def _renderer() -> RendererAgg:
    return RendererAgg(1, 1, PRINT_DPI)  # type: ignore[no-untyped-call]
