"""Beam shells around the pure parts, one PTransform a file."""
