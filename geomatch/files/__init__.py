"""Floor 4: region.toml, CSV, XLSX, GeoJSON and GPKG, in and out.

Law: turns files into domain objects and back; every fault is listed with its row; files are written beside and renamed.
Imports planning, network, geo and errors; never drawing.
"""
