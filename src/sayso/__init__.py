"""sayso turns a written review into a finished podcast episode, offline."""

__version__ = "0.1.0"
