"""The shipped data, held against what the article published."""
