"""One module or package for each program."""
