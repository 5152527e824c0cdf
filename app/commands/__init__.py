"""One command a file; each exports `command`. Heavy imports stay inside the functions."""
