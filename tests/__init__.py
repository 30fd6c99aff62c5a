"""Tests: of the models by dbt, of everything by pytest."""
