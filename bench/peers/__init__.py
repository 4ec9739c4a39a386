"""The same dialogue in other libraries, each set up as its own documentation advises."""
