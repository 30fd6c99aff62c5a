"""Runs after runs on changing files, held against a full refresh from the raw tables."""
