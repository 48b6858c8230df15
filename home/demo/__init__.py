"""The sample town: reads it, loads it as it stood on one day, and takes it away again."""
