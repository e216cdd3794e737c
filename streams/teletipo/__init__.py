"""Teletipo: live news wires in, normalized event records out."""

__version__ = "0.1.0"
