"""The tables of the right wing, one module a concern; all on the metadata of store/schema.py."""
