"""What is learned from annotated text rather than written down: where a happening is told, and how it is spoken of."""
