"""Waymark: scripted conversations for people who have been harmed, in messengers, keeping nothing."""
