"""What is inside a sales file: its bytes, header, lines and rows."""
