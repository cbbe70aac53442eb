"""geomatch: who can be helped on foot, from where, and where the gaps are.

One engine of walking streets stands behind every answer. The rooms and their laws are in each folder's docstring.
"""

__version__ = "0.1.0"
