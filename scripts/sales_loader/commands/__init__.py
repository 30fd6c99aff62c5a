"""The commands that land files, and those that show or change what landed."""
