"""What happens next: pure functions over sessions, with nothing of ours imported but this folder."""
