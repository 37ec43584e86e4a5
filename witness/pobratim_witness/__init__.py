"""Cosigns checkpoints of transparency logs (C2SP tlog-witness). Standard library and `cryptography` only."""
