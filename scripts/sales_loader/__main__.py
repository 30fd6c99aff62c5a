"""``python -m sales_loader`` is the command ``sales-loader``."""

from sales_loader.cli import main

main(prog_name="sales-loader")
