"""A member's own pages: what is said of them where, what they report, reply, allow, and their points."""
