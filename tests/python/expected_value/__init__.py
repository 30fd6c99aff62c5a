"""The estimate of customers' value, held against the standard probabilistic model and against what came."""
