"""What a person touches: the command line. Holds no logic of its own."""
