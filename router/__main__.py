"""`python -m router` is the `decroche` command."""

from router.cli import main

main()
