"""Readers and writers of coded exports, one package a program."""

__version__ = "0.1.0"
