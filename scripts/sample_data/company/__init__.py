"""The made-up franchise: restaurants, customers, orders."""
