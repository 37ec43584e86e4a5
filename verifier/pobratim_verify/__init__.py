"""Checks bundles of facts of a Pobratim installation. Standard library and `cryptography` only."""
