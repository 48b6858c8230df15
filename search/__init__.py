"""The demo site's public search: the page visitors use and the search backends behind it."""
