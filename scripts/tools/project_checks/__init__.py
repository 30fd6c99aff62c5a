"""Checks of the dbt project beyond those of dbt.

Run one as ``python -m tools.project_checks yml_keys | columns | dialect``; each prints what it finds,
a line per finding, and ends with exit code 1 if there is any.
"""
