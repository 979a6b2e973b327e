"""A sheet of paper on which text and boxes are placed in inches from the top left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis import phrases
from analysis.direction import anchored, first_direction, runs
from analysis.figures.fitting import line_inches
from analysis.figures.style import INK, MARGIN, QUIET, SIZE, SMALL, new_drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing
    from matplotlib.typing import ColorType

__all__ = ["FOOT", "PAGE", "Sheet"]

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
                phrases.SYNTHETIC_MARK,
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
        block = [lines] if isinstance(lines, str) else lines
        high = line_inches(size, len(block))
        base = first_direction("".join(block))
        top = y - {"top": 0.0, "center": high / 2, "bottom": high}[va]
        for place, line in enumerate(block):
            # each line by itself: their distance must not hang on their letters
            if line.strip():
                # a line runs the way of the whole text, whatever letter it begins with
                turned = base and first_direction(line) not in (base, "")
                line = "".join(
                    anchored(run.text) if run.is_rtl and base == "L" else run.text
                    for run in runs(line)
                )
                self.drawing.text(
                    x,
                    self.height - top - line_inches(size, place) - BASELINE * line_inches(size),
                    MARKS[base] + line if turned else line,
                    transform=self.drawing.dpi_scale_trans,
                    fontsize=size,
                    fontweight=weight,
                    color=colour,
                    ha=ha,
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
