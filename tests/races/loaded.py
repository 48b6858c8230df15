"""Loads Django and every model; the fork server imports it once."""

import django

django.setup()
