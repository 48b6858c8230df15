"""A pytest plugin that notes in the folder PLEDGE_PAGES_SCOUT which test meets which refusal."""

import os

from tests.embargo.mutation import refusals

# Before anything of the plugin's is imported.
refusals.note_who_meets_them(os.environ["PLEDGE_PAGES_SCOUT"])
