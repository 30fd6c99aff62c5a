"""What the pipeline is measured against."""
