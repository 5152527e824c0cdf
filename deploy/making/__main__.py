"""Writes the made files."""

from deploy.making import FOLDER, made

for path, text in made().items():
    target = FOLDER / path
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        target.write_text(text, encoding="utf-8")
        print(f"made {path}")  # noqa: T201 - a command
