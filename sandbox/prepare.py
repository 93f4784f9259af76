"""Installs the Debian packages that are missing: the wikis', and with --tests the tests' too."""

from __future__ import annotations

import sys

from sandbox.debian import FOR_TESTS, RUNTIME, install, missing_packages
from sandbox.errors import SandboxError


def main(arguments: list[str]) -> int:
    """The exit status; what cannot be done is one sentence on standard error."""
    wanted = (*RUNTIME, *FOR_TESTS) if "--tests" in arguments else RUNTIME
    try:
        missing = missing_packages(wanted)
        if missing:
            print(f"Installing {', '.join(missing)}", file=sys.stderr)
        install(missing)
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
