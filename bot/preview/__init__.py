"""The preview's desk: what stands beside the phone, and what follows from saving a file."""
