"""Makers of the bundled regions: each module makes one layer of a model, seeded and deterministic.

Law: plain figures come from the CSV files beside this package, shapes are drawn here by hand or grown by rule; nothing
is copied from a map. Everything is in metres of the region's plane until `write` turns it into degrees. The package
uses `geomatch.geo` for planes and coordinate systems and nothing else of geomatch.
"""
