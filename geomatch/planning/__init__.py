"""Floor 3, left wing: sites and the people who live there.

Law: decides; arrays in, frozen results out. No files, no clock, no web. Imports network, geo and errors; never
volunteering. rtree is opened only in `site_index.py`.
"""
