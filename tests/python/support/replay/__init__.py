"""Daily runs of a small company, replayed on recorded statements of dbt."""
