"""The image, made once."""

from pathlib import Path

import pytest

from .image import Image, build


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build(tmp_path_factory.mktemp("image") / "root")


@pytest.fixture
def project() -> Path:
    return Path(__file__).parents[3]
