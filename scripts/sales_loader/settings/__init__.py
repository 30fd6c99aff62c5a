"""What the dbt project says that a load depends on: variables, seeds, time zones."""
