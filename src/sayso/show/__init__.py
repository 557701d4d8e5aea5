"""show.toml → `Show`: the settings of a show, each checked, every error reported at once.

A folder without show.toml is a show as well: the built-in one, with the sounds and templates that
come with sayso.
"""
