"""The command line: ``genret``, or ``python -m genret``."""

from __future__ import annotations

import os
import sys

from ._models import environment
from ._native import PROGRAM


def main() -> None:
    program = str(PROGRAM / "bin" / "genret")
    os.execve(program, ["genret", *sys.argv[1:]], environment())


if __name__ == "__main__":
    main()
