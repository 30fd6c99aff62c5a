"""dbt's generic tests: that each finds what it should."""
