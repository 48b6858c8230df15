"""Who may sign in, and with what: django-allauth with a second factor, in the site's own skin."""
