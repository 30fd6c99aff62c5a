"""The sample as CSV files in a folder."""
