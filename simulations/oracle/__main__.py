"""`make oracle`: exit code 1 when anything disagrees with theory or with the exact recursion."""

from __future__ import annotations

import sys

from router.errors import DecrocheError
from simulations.extras import needed


def main() -> int:
    """Print both comparisons; give the exit code."""
    with needed("the comparison with theory needs scipy and Ciw", "sim"):
        from simulations.oracle.check import check  # noqa: PLC0415 - it needs an extra
    return check()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DecrocheError as error:
        sys.exit(str(error))
