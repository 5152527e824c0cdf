"""Everything of detection that knows English words."""
