"""The built marts, held against the plain Python reading of the same definitions."""
