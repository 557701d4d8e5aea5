"""docs/rooms.svg: who imports whom, drawn from the imports themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

HANDS_ON = {
    "review": ("a file", "an outline"),
    "script": ("outline, template", "a script"),
    "speech": ("sentences", "takes"),
    "mix": ("takes, sounds", "a timeline"),
    "master": ("samples", "MP3 frames"),
    "episode": ("a timeline", "files"),
    "feed": ("channel, items", "a feed"),
}
"""What goes into a room, and what comes out of it."""
STEP, BOX, TALL = 132, 112, 66
LEFT, ROW, ARCS = 12, 240, 22
WIDTH = LEFT * 2 + STEP * 6 + BOX
STYLE = """
 svg { font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
 rect { fill: #fff; stroke: #8a837c; } .band rect { fill: #f4f1ed; stroke: #e4e0db; }
 text { fill: #1c1917; } .soft { fill: #57534e; font-size: 11px; } .name { font-weight: 600; }
 path { fill: none; stroke: #0f766e; stroke-width: 1.4; } .way { stroke: #8a837c; }
 marker path { fill: #0f766e; stroke: none; } #way path { fill: #8a837c; }
 @media (prefers-color-scheme: dark) {
  rect { fill: #211e1c; stroke: #857d76; } .band rect { fill: #1b1917; stroke: #38332f; }
  text { fill: #ece9e5; } .soft { fill: #b3aca5; }
  path { stroke: #2dd4bf; } marker path { fill: #2dd4bf; }
 }
"""


def rooms_picture(
    imports: Mapping[str, Set[str]],
    ground: Sequence[str],
    rooms: Sequence[str],
    joints: Sequence[str],
    doors: Sequence[str],
) -> str:
    """The picture as SVG. `imports` has what each room and top-level module imports of the others;
    the others are in the order in which they may."""
    arcs = [(rooms.index(a), rooms.index(b)) for a in rooms for b in rooms if b in imports[a] - {a}]
    low = ROW + TALL + 10 + ARCS * max(1, *(a - b for a, b in arcs))
    height = low + 92
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{_spoken(imports, rooms)}">',
        f"<style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
        *_band(12, "the edges: who uses it", _boxes(doors, 46)),
        *_band(122, "what joins the rooms", _words(joints, 162), 80),
        *(_room(number, name) for number, name in enumerate(rooms)),
        *(_arc(a, b) for a, b in arcs),
        *_band(low, "the ground floor: all may import it", _words(ground, low + 40), 58),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _spoken(imports: Mapping[str, Set[str]], rooms: Sequence[str]) -> str:
    told = []
    for name in rooms:
        others = [other for other in rooms if other in imports[name] - {name}]
        told.append(f"{name} imports {', '.join(others) if others else 'no other room'}")
    return "Rooms, each importing only rooms before it: " + "; ".join(told)


def _band(y: int, title: str, inside: list[str], height: int = 98) -> list[str]:
    return [
        f'<g class="band"><rect x="{LEFT}" y="{y}" width="{WIDTH - 2 * LEFT}" '
        f'height="{height}" rx="8"/></g>',
        f'<text class="soft" x="{LEFT + 14}" y="{y + 22}">{title}</text>',
        *inside,
    ]


def _boxes(names: Sequence[str], y: int) -> list[str]:
    found = []
    for number, name in enumerate(names):
        x = LEFT + 14 + number * (BOX + 20)
        found.append(f'<rect x="{x}" y="{y}" width="{BOX}" height="46" rx="6"/>')
        found.append(
            f'<text class="name" x="{x + BOX // 2}" y="{y + 28}" text-anchor="middle">{name}</text>'
        )
    return found


def _words(names: Sequence[str], y: int) -> list[str]:
    """Names in lines that fit."""
    lines: list[list[str]] = [[]]
    for name in names:
        if len(" · ".join([*lines[-1], name])) > 120:
            lines.append([])
        lines[-1].append(name)
    return [
        f'<text x="{LEFT + 14}" y="{y + 4 + 22 * number}">{" · ".join(line)}</text>'
        for number, line in enumerate(lines)
    ]


def _room(number: int, name: str) -> str:
    x, middle = LEFT + number * STEP, LEFT + number * STEP + BOX // 2
    into, out = HANDS_ON[name]
    way = f'<path class="way" d="M{x + BOX} {ROW + TALL // 2}h{STEP - BOX}"/>' if number < 6 else ""
    return (
        f'{way}<rect x="{x}" y="{ROW}" width="{BOX}" height="{TALL}" rx="6"/>'
        f'<text class="name" x="{middle}" y="{ROW + 22}" text-anchor="middle">{name}</text>'
        f'<text class="soft" x="{middle}" y="{ROW + 40}" text-anchor="middle">{into}</text>'
        f'<text class="soft" x="{middle}" y="{ROW + 56}" text-anchor="middle">→ {out}</text>'
    )


def _arc(importer: int, imported: int) -> str:
    """From under the importing room to under the one that it imports."""
    start = LEFT + importer * STEP + BOX // 2 - 12
    end = LEFT + imported * STEP + BOX // 2 + 8 * (importer - imported) - 4
    depth = ROW + TALL + ARCS * (importer - imported) + 4
    top = ROW + TALL + 2
    return (
        f'<path d="M{start} {top}C{start} {depth} {end} {depth} {end} {top}" '
        'marker-end="url(#head)"/>'
    )
