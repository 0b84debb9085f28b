"""``python -m barrierfree`` is the command ``barrierfree``."""

import sys

from barrierfree.cli import main

if __name__ == "__main__":
    sys.exit(main())
