"""What flows through Treatywire: records, identifiers, vocabulary, query language, errors, settings and ports.

Imports nothing of the project's other rooms.
"""
