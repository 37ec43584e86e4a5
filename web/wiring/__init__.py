"""The parts of an installation, as web/main.py puts them together. With it the only importer of adapters."""
