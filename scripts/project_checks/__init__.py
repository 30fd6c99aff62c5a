"""Checks of the dbt project that dbt itself does not make.

Run one as ``python -m project_checks yml_keys | columns | dialect``; each prints what it finds,
a line per finding, and ends with exit code 1 if there is any.
"""
