"""Which places to open: the answer, and a proof of how good it is.

Law: takes matrices (who is within reach of which candidate, walks, weights, costs) and gives frozen results; knows no
map, no region, no clock, so the same matrices always give the same figures.
"""
