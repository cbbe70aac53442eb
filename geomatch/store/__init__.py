"""Floor 4: what is kept in the database, SQLite or PostgreSQL by one schema.

Law: rows in, domain objects out; the only home of sqlalchemy and alembic. Decides nothing and knows no HTTP. Whoever
writes opens one unit of work and commits it, else nothing happened. Every fault of the database becomes a StoreError.
"""
