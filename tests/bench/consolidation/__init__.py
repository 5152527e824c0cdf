"""What a mention costs in consolidation."""
