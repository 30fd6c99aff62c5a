"""Writes sample sales files of a made-up franchise: realistic in shape, the same bytes for the same seed."""
