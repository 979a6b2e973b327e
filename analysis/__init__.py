"""Rebuilds a qualitative content-analysis study from its coded exports."""

__version__ = "0.1.0"
