"""The hand-made labels beside the project, and the scripts that score against them."""

import json
import subprocess
import sys
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
GOLD = SHARED / "gold"


def scored(script: str, labels: Path, found: Path) -> dict[str, float]:
    """The figures that a scorer prints in its last line, of what was `found` against labels."""
    command = [sys.executable, str(GOLD / script), str(labels), str(found)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    figures: dict[str, float] = json.loads(lines[-1])
    print(script, labels.name, lines[-1])
    return figures
