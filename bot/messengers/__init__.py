"""Ways to reach a person. They never import each other."""
