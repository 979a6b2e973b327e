"""The sheet that a figure is drawn on: what fits into its lines, and where text stands."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis import phrases
from analysis.direction import anchored, first_direction, runs
from analysis.figures.figure import INK, MARGIN, PRINT_DPI, QUIET, SIZE, SMALL, new_drawing
from analysis.languages import printed, spoken
from analysis.tables import cell_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing
    from matplotlib.typing import ColorType

__all__ = [
    "FOOT",
    "LEADING",
    "PAGE",
    "Sheet",
    "balanced",
    "fitted",
    "line_inches",
    "longest",
    "text_width",
    "wrapped",
]


# height of a line, in parts of the size of its letters
LEADING = 1.25
POINTS = 72
LETTERS = 160  # of a label; the table beside a figure has the whole of a longer one


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

    A word that is wider than that is broken inside; a text of more than 160 letters is cut.

    Returns
    -------
    list of str
        At least one line.
    """
    lines: list[str] = []
    line = ""
    for word in _words(text):
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
    low, high = max(longest([word], size, weight) for word in _words(text)), width
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
    words = _words(text)
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


def _words(text: str) -> list[str]:
    """Return the words of a label, cut where it is too long for any figure."""
    plain = cell_text(text).strip()
    if len(plain) > LETTERS:
        plain = f"{plain[: LETTERS - 1].rstrip()}…"
    return plain.split()


def _broken(word: str, width: float, size: float, weight: str) -> list[str]:
    pieces: list[str] = []
    while text_width(word, size, weight) > width and len(word) > 1:
        end = bisect_right(
            range(1, len(word)), width, key=lambda end: text_width(word[:end], size, weight)
        )
        end = max(1, end)
        pieces.append(word[:end])
        word = word[end:]
    return [*pieces, word]


@cache
def _renderer() -> RendererAgg:
    return RendererAgg(1, 1, PRINT_DPI)  # type: ignore[no-untyped-call]


# kept free below everything, for the mark of synthetic data
FOOT = MARGIN + line_inches(SMALL) + 0.03
# the longest figure that a page of a journal takes, in inches
PAGE = 8.8
POINTS_AN_INCH = 72
# invisible letters that set the direction of a line
MARKS = {"L": "\u200e", "R": "\u200f"}
# where letters stand in a line, in parts of its height from the top
BASELINE = 0.77


class Sheet:
    """An empty figure and the means to place things on it.

    Parameters
    ----------
    width, height : float
        In inches, as printed.
    synthetic : bool
        Whether it says that its data are synthetic, at the bottom right.
    """

    def __init__(self, width: float, height: float, *, synthetic: bool) -> None:
        self.width = width
        self.height = height
        self.drawing: Drawing = new_drawing(width, height)
        if synthetic:
            right, bottom = width - MARGIN, height - MARGIN
            self.text(
                right,
                bottom,
                printed(phrases.SYNTHETIC_MARK),
                size=SMALL,
                colour=QUIET,
                ha="right",
                va="bottom",
            )

    def text(
        self,
        x: float,
        y: float,
        lines: list[str] | str,
        *,
        size: float = SIZE,
        weight: str = "normal",
        colour: ColorType = INK,
        ha: str = "left",
        va: str = "top",
    ) -> None:
        """Write lines at a place in inches from the left and from the top.

        The block of lines stands below, on or around that place: `va` is "top",
        "bottom" or "center".
        """
        # 3.4 is the place of a category; fractions are written where they are made
        block = [
            spoken().number(line) if "," in line else line
            for line in ([lines] if isinstance(lines, str) else lines)
        ]
        high = line_inches(size, len(block))
        base = first_direction("".join(block))
        top = y - {"top": 0.0, "center": high / 2, "bottom": high}[va]
        for place, line in enumerate(block):
            # each line by itself: their distance must not hang on their letters
            if line.strip():
                self.drawing.text(
                    x,
                    self.height - top - line_inches(size, place) - BASELINE * line_inches(size),
                    _directed(line, base),
                    transform=self.drawing.dpi_scale_trans,
                    fontsize=size,
                    fontweight=weight,
                    color=colour,
                    ha=ha,
                    va="baseline",
                )

    def upright(
        self, x: float, y: float, lines: list[str], *, size: float = SIZE, weight: str = "normal"
    ) -> None:
        """Write lines from below to above, around `x` and beginning at `y`, in inches."""
        base = first_direction("".join(lines))
        left = x - line_inches(size, len(lines)) / 2
        for place, line in enumerate(lines):
            self.drawing.text(
                left + line_inches(size, place) + BASELINE * line_inches(size),
                self.height - y,
                _directed(line, base),
                transform=self.drawing.dpi_scale_trans,
                fontsize=size,
                fontweight=weight,
                color=INK,
                rotation=90,
                rotation_mode="anchor",
                ha="left",
                va="baseline",
            )

    def box(self, x: float, y: float, width: float, height: float, **style: Any) -> None:
        """Draw a rectangle whose top left corner is at a place in inches."""
        self.drawing.add_artist(
            Rectangle(
                (x, self.height - y - height),
                width,
                height,
                transform=self.drawing.dpi_scale_trans,
                **style,
            )
        )

    def line(self, xs: list[float], ys: list[float], **style: Any) -> None:
        """Draw a line through places in inches from the left and from the top."""
        self.drawing.add_artist(
            Line2D(
                xs,
                [self.height - y for y in ys],
                transform=self.drawing.dpi_scale_trans,
                **style,
            )
        )

    def point(self, x: float, y: float, shape: str, fill: ColorType, size: float) -> None:
        """Draw a mark at a place in inches from the left and from the top."""
        self.drawing.add_artist(
            Line2D(
                [x],
                [self.height - y],
                marker=shape,
                markersize=size * POINTS_AN_INCH,
                markerfacecolor=fill,
                markeredgecolor=INK,
                markeredgewidth=0.5,
                linestyle="none",
                transform=self.drawing.dpi_scale_trans,
            )
        )

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """Add axes whose top left corner is at a place in inches."""
        return self.drawing.add_axes(
            (
                x / self.width,
                1 - (y + height) / self.height,
                width / self.width,
                height / self.height,
            )
        )


def _directed(line: str, base: str) -> str:
    """Let a line run the way of the whole text, whatever letter it begins with."""
    turned = base and first_direction(line) not in (base, "")
    line = "".join(
        anchored(run.text) if run.is_rtl and base == "L" else run.text for run in runs(line)
    )
    return MARKS[base] + line if turned else line
