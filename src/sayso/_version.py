"""The version of sayso: the packaging and the program read it here."""

__version__ = "0.1.0"
