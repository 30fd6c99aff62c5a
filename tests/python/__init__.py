"""The Python tests, in a room for each part of the project."""
