"""Floor 4: results become maps and charts.

Law: draws, never computes. The only home of folium. Imports planning, network, geo and errors; never files.
"""
