"""The parts of a study, one module for each topic: its numbers, its table, its sentences."""
