"""Why a gap is there: the cause of every uncovered home by counterfactual, and what would win its people.

Law: as planning's. People are counted by their own walks; no polygon is asked.
"""
