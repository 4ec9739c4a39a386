"""`waymark doctor`: what an operator gets wrong, a line each, and what to do about it."""
