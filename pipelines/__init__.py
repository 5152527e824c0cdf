"""What events are made of and where they are found: pure parts, Beam shells and jobs."""
