"""Served mode: two workers of each kind over a real Kafka and Elasticsearch."""
