"""The hand-tuned baseline: the dearest marts from the same files, by SQL written by hand for this machine.

The raw tables, the facts and dimensions, daily sales, the customers' lifetime value with its history, their
month ends and their expected value come out as `sales-loader load` and `dbt build` make them, cell by cell,
of clean files. Marts that take little time are not there, and a column that a mart gets later need not be.
What is left out of what is there, and so makes part of the difference:

- of the loader: checksums and the ledger of files, columns in another order, rejected rows (a field of the
  wrong type stops the load; texts are neither trimmed nor measured), hashes of card numbers, replaced
  files, a transaction per file, the second pass that counts the rows;
- of the models: versions of a line, copies of an option, white space and pasted addresses in texts (but for
  line breaks in the names of items), orders whose lines disagree, late lines, other variables than the
  defaults, a past as-of date, Redshift;
- of the build: data tests, contracts, the snapshot of customers, documentation, and after a day the exact
  list of what it has changed.

Two threads work at a time, each on what needs nothing of the other. What only later steps read stays in
memory, but for what the day after starts from: that is in schema `kept`, a few narrow tables.
"""

from tools.benchmark.hand_tuned.building import Stages, add_day, build

__all__ = ["Stages", "add_day", "build"]
