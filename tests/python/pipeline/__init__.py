"""The daily run: what it publishes, what it does not, and what a kill leaves behind."""
