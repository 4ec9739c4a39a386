"""The writer's desk: walks, storyboards and drawings of the conversations, for those who write and review them."""
