"""The warehouse as a DuckDB file."""
