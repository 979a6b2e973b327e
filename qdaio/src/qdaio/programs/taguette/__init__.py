"""Exports of Taguette: its database, its list of highlights, its codebook."""
