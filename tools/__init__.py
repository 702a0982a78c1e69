"""What `make` runs: install, start, test, check, look. No part of the product imports this package."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said here, before a newer syntax is met
    sys.exit(f"Ronde demande Python 3.11 ou plus récent ; celui-ci est {sys.version.split()[0]}.")
