"""``python -m sales_pipeline`` is the command ``sales-loader``."""

from sales_pipeline.cli import main

main(prog_name="sales-loader")
