"""The leak check: walks the site as a visitor and looks for everything that is not public."""
