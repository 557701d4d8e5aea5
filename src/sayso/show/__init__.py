"""show.toml → `Show`: the settings of a show, each checked, every error reported at once.

A folder without show.toml is a show as well: the built-in one, with the sounds and templates that
come with sayso.
"""

from sayso.show.finding import (
    FILE_NAME,
    SLUG,
    find_show,
    setting_line,
    sound_path,
    starter_folder,
    template_folders,
)
from sayso.show.show_file import load_show, parse_show
