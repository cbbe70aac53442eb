"""The JSON side of the web: one table of operations, from which both the routes and the OpenAPI document are made.

Law: a handler takes the open regions and a validated question, calls one service, and gives plain values; it knows no
Flask. Places are turned into WGS-84 on the way in and back on the way out, nowhere else.
"""
