"""Numbers that the text uses, one module for each part of the study."""
