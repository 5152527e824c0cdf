"""The query language: one tree, parsed once, with an evaluator for each index."""
