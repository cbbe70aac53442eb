"""Floor 2: the walking network.

Law: knows streets and how they are walked, no sites and no people. Imports geo and errors. numba is opened only in
`_kernels/`, osmium only in `extract.py`.
"""
