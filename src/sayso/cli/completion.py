"""`sayso completion`: what makes a shell complete commands, options and names at Tab."""

from __future__ import annotations

import click

_PLACES = {
    "bash": 'in ~/.bashrc:  eval "$(sayso completion bash)"',
    "zsh": 'in ~/.zshrc, after compinit:  eval "$(sayso completion zsh)"',
    "fish": "sayso completion fish > ~/.config/fish/completions/sayso.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_PLACES)))
def command(shell: str) -> None:
    """Print what makes SHELL complete commands, options, reviews, episodes, voices and kinds.

    \b
    Put this line where it belongs, once:
      bash, in ~/.bashrc:   eval "$(sayso completion bash)"
      zsh, in ~/.zshrc:     eval "$(sayso completion zsh)"
      fish:                 sayso completion fish > ~/.config/fish/completions/sayso.fish
    """
    from click.shell_completion import get_completion_class

    from sayso.cli import sayso

    kind = get_completion_class(shell)
    assert kind is not None
    # Only the text: click's own source() of bash would start a bash to ask for its version.
    completion = kind(sayso, {}, "sayso", "_SAYSO_COMPLETE")
    click.echo(f"# {_PLACES[shell]}")
    click.echo(completion.source_template % completion.source_vars())
