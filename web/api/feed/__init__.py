"""Events, by page and by stream."""
