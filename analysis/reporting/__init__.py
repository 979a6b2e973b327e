"""Reporting: what the manuscript includes that is computed rather than written."""
