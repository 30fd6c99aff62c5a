"""Tests of the Redshift path and of the stand-in that serves it."""
