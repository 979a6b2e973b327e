"""How all figures look: one font, few colours that differ in lightness, little ink.

Every colour that carries meaning differs from its neighbours in lightness, so that the
figure reads the same in grey and to the colour-blind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import matplotlib
import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure as Drawing

if TYPE_CHECKING:
    from matplotlib.typing import ColorType

__all__ = [
    "DARK",
    "FAINT",
    "INK",
    "LIGHT",
    "MARGIN",
    "PRINT_DPI",
    "QUIET",
    "SEQUENCE",
    "SIZE",
    "SMALL",
    "contrast",
    "luminance",
    "new_drawing",
    "readable_on",
    "shades",
    "styled",
]

PRINT_DPI = 300
# points; nothing is printed smaller than SMALL
SIZE = 8.0
SMALL = 6.5
# inches around everything
MARGIN = 0.08
INK = "#1a1a1a"
QUIET = "#595959"
FAINT = "#e6e6e6"
DARK = "#1f4e79"
LIGHT = "#e8a33d"
SEQUENCE = LinearSegmentedColormap.from_list(
    "study", ["#f7fbff", "#c9dced", "#86b3d3", "#4682b4", "#1f4e79", "#0b2545"]
)
SETTINGS = {
    "font.family": ["DejaVu Sans"],
    "font.size": SIZE,
    "text.color": INK,
    "text.hinting": "none",
    # a label with dollar signs is a label, not a formula
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "path",
    "savefig.facecolor": "white",
}


@contextmanager
def styled(salt: str = "study") -> Iterator[None]:
    """Draw or save in the style of all figures, whatever the settings of the session.

    Parameters
    ----------
    salt : str
        From which the ids inside an SVG are made.
    """
    settings = {**SETTINGS, "svg.hashsalt": salt}
    with matplotlib.style.context(settings, after_reset=True):
        yield


def new_drawing(width: float, height: float) -> Drawing:
    """Return an empty drawing of a size in inches; call it inside :func:`styled`."""
    drawing = Drawing(figsize=(width, height), dpi=PRINT_DPI)
    FigureCanvasAgg(drawing)
    return drawing


def luminance(colour: ColorType) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.2)."""
    channels = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(one: ColorType, other: ColorType) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def readable_on(background: ColorType) -> str:
    """Return the ink, black or white, that reads better on a background: at least 4.5 : 1."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, background))


def shades(count: int) -> list[tuple[float, float, float]]:
    """Return colours from dark to light, each lighter than the one before it."""
    steps = [0.5 - 0.44 * index / max(1, count - 1) for index in range(count)]
    return [to_rgb(SEQUENCE(step)) for step in steps]
