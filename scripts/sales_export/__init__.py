"""Copies of the marts for other programs: files that no daily run locks, and that are replaced at once."""
