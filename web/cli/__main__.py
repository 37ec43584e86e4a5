"""`python -m web.cli`: the same as `pobratim`."""

from web.cli import main

main()
