"""The checks of models, columns and yml files."""
