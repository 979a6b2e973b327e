"""Settings of the documentation's site: `python -m sphinx -W docs docs/_build`."""

project = "study-rebuild"
author = "the authors of study-rebuild"
html_title = "study-rebuild"
extensions = ["myst_parser"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
root_doc = "index"
html_theme = "furo"
html_show_sphinx = False
html_copy_source = False
html_show_copyright = False
# the site is the same wherever and whenever it is built, and asks no other site for anything
html_last_updated_fmt = None
html_permalinks_icon = "#"
pygments_style = "friendly"
# links to files of the repository are tested apart; CSV and TOML need no colours
suppress_warnings = ["myst.xref_missing", "misc.highlighting_failure"]
