"""The engine's state as each release left it, so that the next ones are held to replace nothing."""
