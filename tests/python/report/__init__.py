"""Tests of the report: what its readers see in a browser."""
