"""The command line: thin, so that everything it does can be done from Python too."""

from __future__ import annotations

import click

import analysis
from analysis.cli.terminal import guarded

__all__ = ["main"]

COMMANDS = {
    "build": "analysis.cli.studies:build",
    "check": "analysis.cli.studies:check",
    "audit": "analysis.cli.audit:audit",
    "inspect": "analysis.cli.exports:inspect",
    "convert": "analysis.cli.exports:convert",
    "new": "analysis.cli.new:new",
    "trace": "analysis.cli.trace:trace",
    "lab": "analysis.cli.studies:lab",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, to start quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        import importlib

        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(analysis.__version__, prog_name="study")
def study() -> None:
    """Rebuild a qualitative study, from its coded exports to the manuscript."""


def main() -> None:
    """Run the command line; exit 0 when done, 1 when data are at fault, 2 on wrong usage."""
    guarded(study)
