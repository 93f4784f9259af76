"""Genes and proteins by the project's own mappings: ProteinBoxBot's shape of work."""
