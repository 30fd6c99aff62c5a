"""The report: what the marts say, as one page that opens anywhere."""
