"""A stand-in for the jq command on machines without one, by the library of the same name.

jq [-r] [-R] [-s] [-e] [--arg NAME VALUE]… PROGRAM [FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import jq


def main() -> int:
    """Run one program; return its exit status as jq would."""
    parser = argparse.ArgumentParser(prog="jq")
    parser.add_argument("--version", action="version", version="jq-1.8.1")
    parser.add_argument("-r", "--raw-output", action="store_true")
    parser.add_argument("-R", "--raw-input", action="store_true")
    parser.add_argument("-s", "--slurp", action="store_true")
    parser.add_argument("-e", "--exit-status", action="store_true")
    parser.add_argument("--arg", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"))
    parser.add_argument("program")
    parser.add_argument("file", nargs="?")
    given = parser.parse_args()
    text = Path(given.file).read_text() if given.file else sys.stdin.read()
    program = jq.compile(given.program, args=dict(given.arg))
    found = (program.input_value(text) if given.raw_input else program.input_text(text, slurp=given.slurp)).all()
    for each in found:
        sys.stdout.write((each if given.raw_output and isinstance(each, str) else json.dumps(each, indent=2)) + "\n")
    return 1 if given.exit_status and (not found or found[-1] in (None, False)) else 0


if __name__ == "__main__":
    sys.exit(main())
