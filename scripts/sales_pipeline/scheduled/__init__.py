"""The daily run under a scheduler: watched, its results sent to S3 and its failures to people."""
