"""`python -m benchmarks`: every figure that is stated anywhere, beside its yardstick."""

from benchmarks import (
    append,
    deeds,
    deliveries,
    exploring,
    looking_back,
    projection,
    reading,
    rehearsing,
    replay,
    sealing,
    serving,
    subscribers,
    sweeping,
    verifying,
)

for part in (append, replay, projection, reading, sweeping, rehearsing, sealing, verifying, exploring, looking_back):
    part.main()
deliveries.main()
with serving.at_work() as served:
    serving.measure(served)
    deeds.measure(served)
subscribers.main()
