"""Sets everything up and runs a command: the one file that needs nothing but Python.

    python start.py build     set up, then rebuild the study
    python start.py test      set up, then run the tests; with --slow also those that take long
    python start.py lab       set up, then open the notebooks
    python start.py check     set up, then check the study without building it

Anything else is handed to the `study` command, for example `python start.py inspect FILE`.
The first call makes a virtual environment in .venv and installs the pinned packages there;
later calls find it made. Where uv is on the path, it does the installing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
OLDEST = (3, 11)
FOR_TESTS = ROOT / "requirements-dev.txt"
ALONE = ROOT / "requirements-alone.txt"  # for tests, and without what it asks for
STEP = 20  # packages between two lines that say how far the set-up is
PINNED = re.compile(r"^([\w.-]+)==", re.MULTILINE)


def python() -> Path:
    """Return the environment's interpreter."""
    folder = "Scripts" if os.name == "nt" else "bin"
    name = "python.exe" if os.name == "nt" else "python"
    return ENVIRONMENT / folder / name


def is_current(requirements: Path) -> bool:
    """Say whether the environment holds what the file pins."""
    stamp = ENVIRONMENT / f"{requirements.stem}.installed"
    return python().exists() and stamp.is_file() and stamp.read_text() == digest(requirements)


def digest(requirements: Path) -> str:
    """Return the content of the pins, and of what describes the packages, as a hash."""
    described = [ALONE, ROOT / "pyproject.toml", ROOT / "qdaio" / "pyproject.toml"]
    content = b"".join(path.read_bytes() for path in [requirements, *described])
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def set_up(requirements: Path) -> None:
    """Make the environment, and install the pinned packages and the two of this repository."""
    if is_current(requirements):
        return
    uv = shutil.which("uv")
    say(f"Setting up in {ENVIRONMENT.name} (once{', a few minutes' if not uv else ''}) ...")
    if not python().exists():
        venv.EnvBuilder(with_pip=True, clear=ENVIRONMENT.exists()).create(ENVIRONMENT)
    if uv:
        install = [uv, "pip", "install", "--python", str(python())]
    else:
        pip = [str(python()), "-m", "pip", "--disable-pip-version-check", "--no-input"]
        install = [*pip, "install", "--progress-bar", "off"]
    # hashes are checked for every package; these two are built with the pinned builder
    names = PINNED.findall(requirements.read_text(encoding="utf-8"))
    run([*install, "--require-hashes", "-r", str(requirements)], total=len(names))
    if requirements == FOR_TESTS:
        run([*install, "--require-hashes", "--no-deps", "-r", str(ALONE)], total=1)
    own = ["-e", str(ROOT / "qdaio"), "-e", str(ROOT)]
    run([*install, "--no-deps", "--no-build-isolation", *own], total=2)
    (ENVIRONMENT / f"{requirements.stem}.installed").write_text(digest(requirements))
    say("Set up.")


def say(text: str) -> None:
    """Tell people how far the set-up is."""
    print(text, file=sys.stderr, flush=True)


def run(command: list[str], total: int) -> None:
    """Run an installer and say how far it is; leave with its exit status when it fails."""
    seen = 0
    said: list[str] = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as installer:
        for line in installer.stdout or ():
            said.append(line)
            if line.startswith(("Collecting ", "Requirement already ")):
                seen += 1
                if seen % STEP == 0 and total > STEP:
                    say(f"  {seen} of at most {total} packages found")
            elif line.startswith("Installing collected packages"):
                say(f"  installing {line.count(',') + 1} packages")
    if installer.returncode:
        say("".join(said[-30:]))
        say("The set-up did not finish; run the command again once the cause is mended.")
        sys.exit(installer.returncode)


def main(arguments: list[str]) -> int:
    """Set up and run; see the top of this file."""
    if sys.version_info < OLDEST:
        print(
            f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is "
            f"{sys.version.split()[0]}.",
            file=sys.stderr,
        )
        return 2
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    command, *rest = arguments
    if command == "test":
        set_up(FOR_TESTS)
        tests = [str(python()), "-m", "pytest", "-n", "auto", "--dist", "loadgroup", *rest]
        return subprocess.run(tests, cwd=ROOT).returncode
    if not is_current(FOR_TESTS):
        set_up(ROOT / "requirements.txt")
    called = [str(python()), "-m", "analysis", command, *rest]
    return subprocess.run(called, env={**os.environ, "PYTHONUTF8": "1"}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
