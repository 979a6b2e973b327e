"""The parts of a study, one module a topic: its numbers, its table, its sentences."""
