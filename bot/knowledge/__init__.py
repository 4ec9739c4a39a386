"""Looking things up: facts, helplines and emergency numbers by place, and the names of places."""
