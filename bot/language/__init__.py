"""How it reaches a person: catalogs, rendering, and understanding what was typed."""
