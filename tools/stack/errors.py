"""What can go wrong with a stack's commands, said to its user without a traceback."""


class StackError(Exception):
    """The command can't go on; the message says why, and what to do."""
