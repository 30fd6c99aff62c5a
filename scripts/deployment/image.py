"""The image of the daily run: built from a commit, pushed once."""

import base64
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sales_loader.errors import LoaderError

if TYPE_CHECKING:
    from types_boto3_ecr import ECRClient

_DOCKERFILE = "deploy/Dockerfile"
_TAG_LENGTH = 12


def tag_of_commit(project: Path) -> str:
    """Tag of the image of the commit that is checked out.

    Raises:
        LoaderError: something is not committed, so that no tag could say what is in the image.
    """
    if _run(["git", "status", "--porcelain"], project).strip():
        raise LoaderError("There are changes that are not committed. Commit them, or name an --image-tag.")
    return _run(["git", "rev-parse", "HEAD"], project).strip()[:_TAG_LENGTH]


def is_pushed(client: "ECRClient", repository: str, tag: str) -> bool:
    """Whether a repository has an image of a tag."""
    try:
        return bool(
            client.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])["imageDetails"]
        )
    except client.exceptions.ImageNotFoundException:
        return False


def build_and_push(
    client: "ECRClient", repository: str, tag: str, project: Path, say: Callable[[str], None]
) -> None:
    """Build the image of a project folder and push it.

    Raises:
        LoaderError: Docker is not there or fails.
    """
    name = f"{_address(client, repository)}:{tag}"
    say(f"Building {name}")
    _run(["docker", "build", "--platform", "linux/amd64", "--file", _DOCKERFILE, "--tag", name, "."], project)
    given = client.get_authorization_token()["authorizationData"][0]
    user, _, password = base64.b64decode(given["authorizationToken"]).decode().partition(":")
    login = ["docker", "login", "--username", user, "--password-stdin", given["proxyEndpoint"]]
    _run(login, project, password)
    say(f"Pushing {name}")
    _run(["docker", "push", "--quiet", name], project)


def _address(client: "ECRClient", repository: str) -> str:
    found = client.describe_repositories(repositoryNames=[repository])["repositories"]
    return found[0]["repositoryUri"]


def _run(command: Sequence[str], folder: Path, text: str | None = None) -> str:
    """Output of a command; its errors are shown as they are."""
    try:
        ended = subprocess.run(
            command, cwd=folder, input=text, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False
        )
    except FileNotFoundError:
        raise LoaderError(f"{command[0]} is not installed; it is needed to build the image.") from None
    if ended.returncode:
        raise LoaderError(f"{' '.join(command[:2])} ended with {ended.returncode}: see above.")
    return ended.stdout
