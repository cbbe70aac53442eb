"""Floor 0: heavy libraries, opened without what they would open besides and nobody here needs.

Law: imports nothing of ours, and changes only how a library is opened, never what it answers.
"""
