"""Files and what they hold, read with hostile input in mind."""
