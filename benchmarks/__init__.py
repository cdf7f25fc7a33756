"""What the plugin costs: measured, one table; `python -m benchmarks` runs all."""
