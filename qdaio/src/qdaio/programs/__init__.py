"""One package a program."""
