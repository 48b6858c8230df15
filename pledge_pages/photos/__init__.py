"""Private pictures and evidence files: cleaned when they come in, never at a public address."""
