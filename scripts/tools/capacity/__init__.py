"""What the models would read and move on Redshift at other sizes, from generated warehouses."""
