"""The capacity estimate."""
