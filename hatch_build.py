"""Build hook: the wheel gets compiled catalogues, which are not in the repository."""

import runpy
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    """Compiles the plugin's catalogues and adds them to the files of the wheel."""

    def initialize(self, version: str, build_data: dict) -> None:
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        compiler = runpy.run_path(str(root / ".ci" / "compile_messages.py"))
        for catalogue in compiler["compile_all"](root / "pledge_pages"):
            build_data["artifacts"].append(catalogue.relative_to(root).as_posix())
