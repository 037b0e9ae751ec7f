"""``python -m compatshim.deprecation run -- manage.py ...``."""

from __future__ import annotations


def _main() -> None:
    from compatshim.ratchet.run_command import main

    main()


if __name__ == "__main__":
    _main()
