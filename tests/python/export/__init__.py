"""Files for other programs: whole, exact, and never locked."""
