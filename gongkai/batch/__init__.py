"""Large runs: shards, engines, limits, and what is kept of a run for the next one."""
