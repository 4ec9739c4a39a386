"""Keeping nothing where nothing should be."""
