"""The pages of the explorer: one module for each kind, with its `Kind` at the top of what it offers."""
