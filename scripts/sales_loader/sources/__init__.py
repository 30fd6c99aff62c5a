"""Where sales files come from: folders on disk and prefixes on S3."""
