"""A figure as one object, its style, and the files that it is saved to."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import matplotlib
import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure as Drawing

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing
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
    "Figure",
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


LABEL = re.compile(r"fig-[a-z0-9]+(-[a-z0-9]+)*")
CSS_PIXELS = 96
LONGEST_ALT = 2000  # letters
# no dates and no versions: the same figure gives the same bytes
SVG_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True, eq=False)
class Figure:
    """A drawing with its caption, its alternative text and the values behind it.

    Parameters
    ----------
    drawing : matplotlib Figure
        Its size in inches is the size in print.
    data : DataFrame
        What is drawn.
    label : str
        Name of the files, after ``fig-``.
    caption : str
    alt : str
        What a reader should learn from it, in plain words and numbers; cut after 2,000 letters.
    synthetic : bool
        Whether the drawing says that its data are synthetic.

    Raises
    ------
    ValueError
        When the label is not like ``fig-name`` or the alternative text is empty.
    """

    drawing: Drawing
    data: pd.DataFrame
    label: str
    caption: str
    alt: str
    synthetic: bool

    def __post_init__(self) -> None:
        if len(self.alt) > LONGEST_ALT:  # names of a thousand letters help nobody who listens
            object.__setattr__(self, "alt", f"{self.alt[: LONGEST_ALT - 1].rstrip()}…")
        if not LABEL.fullmatch(self.label):
            raise ValueError(f'label "{self.label}" is not like fig-name')
        if not self.alt.strip():
            raise ValueError(f"{self.label}: a figure needs an alternative text")

    def __repr__(self) -> str:
        return f"<Figure {self.label}: {self.alt}>"

    @property
    def name(self) -> str:
        """Name of the files, without a suffix."""
        return self.label.removeprefix("fig-")

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in print, in inches."""
        width, height = self.drawing.get_size_inches()
        return float(width), float(height)

    @cached_property
    def png(self) -> bytes:
        """The drawing as PNG at 300 dots an inch."""
        packed = io.BytesIO()
        with styled():
            self.drawing.savefig(packed, format="png", dpi=PRINT_DPI, metadata={"Software": None})
        return packed.getvalue()

    @cached_property
    def svg(self) -> str:
        """The drawing as SVG, its caption and alternative text inside."""
        drawn = io.StringIO()
        with styled(salt=self.label):
            self.drawing.savefig(drawn, format="svg", metadata=SVG_METADATA)
        title = f'<title id="{self.label}-title">{_xml(self.caption)}</title>'
        description = f'<desc id="{self.label}-desc">{_xml(self.alt)}</desc>'
        role = f'role="img" aria-labelledby="{self.label}-title {self.label}-desc"'
        start, rest = drawn.getvalue().split("<svg ", 1)
        attributes, body = rest.split(">", 1)
        return f"{start}<svg {role} {attributes}>\n {title}\n {description}{body}"

    def save(self, folder: Path) -> list[Path]:
        """Write NAME.svg and NAME.png, each whole or not at all.

        Returns
        -------
        list of Path
            The files.
        """
        from qdaio.files.writing import write_bytes, write_text

        paths = [folder / f"{self.name}.svg", folder / f"{self.name}.png"]
        write_text(paths[0], self.svg)
        write_bytes(paths[1], self.png)
        return paths

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give a notebook the saved picture, and as metadata what a manuscript needs."""
        width, height = self.size
        data = {
            "image/png": base64.b64encode(self.png).decode("ascii"),
            "text/plain": repr(self),
        }
        metadata = {
            "image/png": {
                "width": round(width * CSS_PIXELS),
                "height": round(height * CSS_PIXELS),
                "alt": self.alt,
            },
            "study": {
                "label": self.label,
                "caption": self.caption,
                "alt": self.alt,
                "width_in": round(width, 3),
                "height_in": round(height, 3),
            },
        }
        return data, metadata


def _xml(text: str) -> str:
    return escape(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+", " ", text))
