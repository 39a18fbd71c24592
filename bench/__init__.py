"""The budgets, measured as ratios of two things that run in turn in one go: `make bench`."""
