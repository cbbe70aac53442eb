"""Use case: a report on a region: gathered from the other use cases, laid out as tables and sections, written out."""
