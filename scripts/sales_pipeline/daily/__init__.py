"""The daily run: load, build beside the marts in use, publish when every test has passed."""
