"""What stays on the disk between runs: the store, its locks and faults, and what lies where."""
