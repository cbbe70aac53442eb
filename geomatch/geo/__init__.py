"""Floor 1: places on the globe and on the plane.

Law: knows coordinate systems and projections, no streets and no people. Imports only geomatch.errors.
"""
