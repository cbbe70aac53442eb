"""Which coordinate system points are really in, by likelihood.

Law: takes degrees as they stand in a file, the streets and the townships; gives frozen results. Reads no file, knows no
clock, draws no random number, so the same points always get the same verdict. Says unsure rather than guess.
"""
