"""Settings: which source wins, and what a wrong one says."""

from pathlib import Path

import pytest

from schemas.errors import Misconfigured
from schemas.settings import load_settings


def config(folder: Path, text: str) -> dict[str, str]:
    """An environment that names a TOML file of this text."""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return {"TREATYWIRE_CONFIG": str(file)}


def test_flag_wins_over_environment_over_file_over_default(tmp_path: Path) -> None:
    """Each source is asked only where the earlier ones say nothing."""
    environment = config(tmp_path, "keep_articles_days = 7\nallow_private_addresses = true\ndata = '/file'")
    environment |= {"TREATYWIRE_KEEP_ARTICLES_DAYS": "8", "TREATYWIRE_DATA": "/environment"}
    settings = load_settings({"data": Path("/flag")}, environment)
    assert settings.data == Path("/flag")
    assert settings.keep_articles_days == 8
    assert settings.allow_private_addresses is True
    assert settings.webhook_secret is None
    assert load_settings({"data": None}, environment).data == Path("/environment")


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    """`…_FILE` names the file, whose white space at the ends does not count."""
    secret = tmp_path / "secret"
    secret.write_text("whsec_abc\n", encoding="utf-8")
    assert load_settings({}, {"TREATYWIRE_WEBHOOK_SECRET_FILE": str(secret)}).webhook_secret == "whsec_abc"


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"TREATYWIRE_KEEP_ARTICLE_DAYS": "3"}, "unknown key keep_article_days; did you mean keep_articles_days?"),
        ({"TREATYWIRE_KEEP_ARTICLES_DAYS": "three"}, "keep_articles_days = 'three': takes a whole number"),
        ({"TREATYWIRE_KEEP_ARTICLES_DAYS": "0"}, "keep_articles_days = 0: a whole number of days, 1 or more"),
        ({"TREATYWIRE_ALLOW_PRIVATE_ADDRESSES": "perhaps"}, "takes true or false"),
        ({"TREATYWIRE_DATA_FILE": "/x"}, "unknown key data_file"),
        ({"TREATYWIRE_WEBHOOK_SECRET_FILE": "/nowhere/at/all"}, "TREATYWIRE_WEBHOOK_SECRET_FILE: cannot be read"),
        ({"TREATYWIRE_CONFIG": "/nowhere/at/all"}, "there is no file /nowhere/at/all"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(environment: dict[str, str], says: str) -> None:
    """The message names the key and what it takes."""
    with pytest.raises(Misconfigured) as caught:
        load_settings({}, environment)
    assert says in str(caught.value)


def test_an_unknown_key_in_the_file_is_refused_with_its_place(tmp_path: Path) -> None:
    """A misspelt key never goes unnoticed."""
    environment = config(tmp_path, "dta = '/x'")
    with pytest.raises(Misconfigured) as caught:
        load_settings({}, environment)
    assert str(caught.value).startswith(f"{tmp_path / 'config.toml'}: unknown key dta; did you mean data?")


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    """What is not TOML says where."""
    with pytest.raises(Misconfigured, match=r"not TOML: .*line 1"):
        load_settings({}, config(tmp_path, "data = 1 2"))
