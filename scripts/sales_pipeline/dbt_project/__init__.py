"""dbt on this project: its environment, builds, results and docs page."""
