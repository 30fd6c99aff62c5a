"""Builds, tests and publishes the marts, by hand and each day: all commands of `sales-loader`."""
