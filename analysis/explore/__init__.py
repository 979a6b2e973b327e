"""The page to explore a study: `report/output/supplement.html`."""

from analysis.explore.content import page_content
from analysis.explore.page import explore_page, write_explore_page

__all__ = ["explore_page", "page_content", "write_explore_page"]
