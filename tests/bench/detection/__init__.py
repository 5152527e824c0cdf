"""How fast detection is, and on what it is slowest."""
