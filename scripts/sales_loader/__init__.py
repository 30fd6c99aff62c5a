"""Lands the ordering platform's daily sales files in the warehouse, each row exactly once."""
