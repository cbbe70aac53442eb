"""Floor 3, right wing: orders, and the people who help.

Law: decides; plain values and arrays in, frozen results out. No files, no web, no database and no clock: whoever calls
says when it is. Imports errors, geo and network; never planning.
"""
