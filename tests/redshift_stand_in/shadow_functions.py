"""Functions of Redshift that PostgreSQL lacks or has with another meaning: see shadow_functions.sql."""

from .sql_files import created, read

SQL = read("shadow_functions")
SHADOWED = created(SQL, "(?:function|aggregate)")
"""Names of functions that the rewriter calls in schema rs."""
