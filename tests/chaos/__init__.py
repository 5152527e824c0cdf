"""Faults on real servers: one at a time, while articles come, in served and in distributed mode.

`python -m tests.chaos` runs each three times and writes the table; the short ones of `make test-servers` are the same
faults on a few hundred articles.
"""
