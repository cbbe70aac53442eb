"""Floor 5: one function per use case.

Law: plain values in, frozen results out. Ties files, network, planning and drawing together; knows no HTTP and prints
nothing.
"""
