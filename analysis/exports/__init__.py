"""Readers of coded exports, one module or package a program."""
