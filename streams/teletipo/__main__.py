"""`python -m teletipo` is the `teletipo` command."""

from teletipo.cli import main

main()
