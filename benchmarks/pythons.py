"""All tests on every Python that is here and that sayso supports, one after the other.

    python benchmarks/pythons.py [TESTS …]

Each has an environment of its own in build/pythons/. A run of all tests leaves what pytest counted
in build/trust/python-3.NN.xml.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
VERSIONS = ("3.10", "3.11", "3.12", "3.13")
AT_ONCE = str((os.cpu_count() or 1) + 1)  # as in the Makefile


def find(version: str) -> str | None:
    """A Python of this version: on the PATH, or one of pyenv's, the newest."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    patches = sorted(pyenv.glob(f"{version}.*"), key=lambda path: int(path.name.split(".")[2]))
    candidates = [*(str(path / "bin" / "python") for path in reversed(patches)), f"python{version}"]
    asked = "import sys; print('%d.%d' % sys.version_info[:2])"
    for each in candidates:
        program = shutil.which(each)
        if program is None:
            continue
        done = subprocess.run([program, "-c", asked], capture_output=True, text=True, check=False)
        if done.stdout.strip() == version:
            return program
    return None


def environment(program: str, version: str) -> Path:
    """Its environment, made where it is not there; the path of its Python."""
    folder = ROOT / "build" / "pythons" / version
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if not ready.is_file() or ready.stat().st_mtime < (ROOT / "pyproject.toml").stat().st_mtime:
        subprocess.run([program, "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*install, "-e", f"{ROOT}[dev]"], check=True)
        ready.touch()
    return python


def main(tests: list[str]) -> int:
    """Run the tests on each; 1 where any fails."""
    results = ROOT / "build" / "trust"
    results.mkdir(parents=True, exist_ok=True)
    failed = []
    for version in VERSIONS:
        program = find(version)
        if program is None:
            print(f"Python {version}: not here")
            continue
        python = environment(program, version)
        words = [python, "-m", "pytest", "-n", AT_ONCE, "--dist", "loadgroup", *tests]
        if not tests:
            words.append(f"--junitxml={results / f'python-{version}.xml'}")
        code = subprocess.run(words, cwd=ROOT, check=False).returncode
        print(f"Python {version}: {'failed' if code else 'passed'}")
        failed += [version] if code else []
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
