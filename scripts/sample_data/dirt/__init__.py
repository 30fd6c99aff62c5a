"""The faults of real exports, added on request."""
