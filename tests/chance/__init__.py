"""By chance: everyone acts at random, and a model in plain Python says what may be seen of it."""
