"""Tests of the semantic layer: its metrics say what the marts say, on both engines."""
