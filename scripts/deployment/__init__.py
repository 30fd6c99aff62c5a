"""Deploys the daily run into an AWS account."""
