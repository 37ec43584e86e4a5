"""`python -m benchmarks`: every figure that is stated anywhere, beside its yardstick."""

from benchmarks import append, projection, reading, replay, serving

for part in (append, replay, projection, reading, serving):
    part.main()
