"""The top floor: HTTP and pages.

Law: parses, calls one service, answers. The only home of flask. Errors become problem+json by one table.
"""
