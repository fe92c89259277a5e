"""`python -m experiments` and the console script `prosuming`."""

import sys

from experiments.cli import main

if __name__ == "__main__":
    sys.exit(main())
