"""The detector's version: what changes it and what does not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pipelines.detection
from pipelines.detection.detector import DETECTOR_VERSION
from pipelines.detection.version import detector_version, version_of

ROOM = Path(pipelines.detection.__file__).parent


def _copied(to: Path) -> Path:
    copy = to / "detection"
    shutil.copytree(ROOM, copy)
    return copy


def test_the_version_is_that_of_the_content_wherever_it_lies(tmp_path: Path) -> None:
    """In another process, in another folder, with other line ends, and with files that nothing depends on."""
    asked = "from pipelines.detection.version import detector_version as version; print(version())"
    again = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert again.stdout.strip() == detector_version()
    assert detector_version().startswith(f"{DETECTOR_VERSION}+")
    copy = _copied(tmp_path)
    (copy / "english" / "NOTES.md").write_text("Nothing depends on this.")
    for path in (copy / "detector.py", copy / "english" / "gazetteer" / "instruments.tsv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert version_of(copy) == detector_version()


def test_code_and_data_change_the_one_half_and_the_registry_the_other(tmp_path: Path) -> None:
    """So that an upgrade can be told to be one of the registry alone."""
    copy = _copied(tmp_path)
    code, registry = version_of(copy).split(".r-")
    with (copy / "english" / "gazetteer" / "instruments.tsv").open("a") as file:
        file.write("one more line\n")
    assert version_of(copy).split(".r-")[0] == code
    assert version_of(copy).split(".r-")[1] != registry
    for name in ("english/gazetteer/states.tsv", "english/data/confidence.json", "english/patterns/consent.py"):
        before = version_of(copy)
        with (copy / name).open("a") as file:
            file.write("\n")
        assert version_of(copy) != before
    before = version_of(copy)
    (copy / "english" / "words.py").rename(copy / "english" / "other_words.py")
    assert version_of(copy) != before
