"""``python -m compatshim``."""

from __future__ import annotations

from compatshim.cli import main

if __name__ == "__main__":
    main(prog_name="python -m compatshim")
