"""Elasticsearch as an installation needs it: users with the least rights."""
