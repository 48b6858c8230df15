"""Switches off one guard at a time, and looks whether a test notices: ``python -m tests.embargo.mutation``."""
