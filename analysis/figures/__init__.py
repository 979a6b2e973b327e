"""Figures of a publication: drawn once, saved as SVG and PNG, described in words."""

from analysis.figures.bars import frequency_bars, top_codes
from analysis.figures.cooccurrence import cooccurrence_heatmap, cooccurrence_network
from analysis.figures.curve import accumulation_curve
from analysis.figures.figure import Figure
from analysis.figures.flow import flow_figure
from analysis.figures.heatmap import group_heatmap
from analysis.figures.participants import participants_figure
from analysis.figures.treemap import hierarchy_treemap

__all__ = [
    "Figure",
    "accumulation_curve",
    "cooccurrence_heatmap",
    "cooccurrence_network",
    "flow_figure",
    "frequency_bars",
    "group_heatmap",
    "hierarchy_treemap",
    "participants_figure",
    "top_codes",
]
