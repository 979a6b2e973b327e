"""What a build runs, in which order, and why."""
