"""The rules for templates, beyond those of the linter."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cfnlint.decode import cfn_yaml

# Actions without resources: IAM accepts only * for them.
_WITHOUT_RESOURCE = frozenset({"ecr:GetAuthorizationToken"})
_HOLD_DATA = frozenset(
    {
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
        "AWS::ECR::Repository",
        "AWS::RedshiftServerless::Namespace",
        "AWS::Redshift::Cluster",
    }
)
# A wildcard may stand for the objects below a prefix of a named bucket, or the streams of a named log group.
_OPEN_ENDED = re.compile(
    r"(\$\{\w+\.Arn\}|arn:[^*]+:s3:::[^*/]+)/[^*]+/\*|arn:[^*]+:log-group:[^*]+:log-stream:\*"
)
_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")

Resource = Mapping[str, Any]
Rule = Callable[[str, Resource], Iterator[str]]
_AUDIT_LOGS = frozenset({"connectionlog", "useractivitylog", "userlog"})
_MAY_KEEP = ("Retain", "RetainExceptOnCreate", "Snapshot")


@dataclass(frozen=True)
class Finding:
    """A resource that breaks a rule."""

    template: str
    resource: str
    message: str

    def __str__(self) -> str:
        return f"{self.template}: {self.resource}: {self.message}"


def read_template(path: Path) -> dict[str, Any]:
    """A template with its short functions, such as ``!Ref``, written out."""
    return dict(cfn_yaml.load(str(path)))


def check_template(path: Path) -> list[Finding]:
    """Everything that a template breaks."""
    resources: Mapping[str, Resource] = read_template(path)["Resources"]
    found = [
        Finding(path.name, name, message)
        for name, resource in resources.items()
        for rule in RULES
        for message in rule(resource["Type"], resource)
    ]
    return found + [
        Finding(path.name, name, "it may be used without TLS; deny that in its policy")
        for name in _without_tls(resources)
    ]


def statements(value: object) -> Iterator[Mapping[str, Any]]:
    """Every statement of every policy below a value, conditional ones included."""
    if isinstance(value, Mapping):
        if "Effect" in value:
            yield value
        else:
            for below in value.values():
                yield from statements(below)
    elif isinstance(value, list):
        for below in value:
            yield from statements(below)


def _policies_name_what_they_allow(kind: str, resource: Resource) -> Iterator[str]:
    for statement in statements(resource.get("Properties", {})):
        if statement["Effect"] != "Allow":
            continue
        for action in _listed(statement.get("Action", "*")):
            if "*" in str(action):
                yield f"the action {action} has a wildcard; name each one"
        yield from _wide_resources(kind, statement)
        if any(principal == "*" for principal in _principals(statement)):
            yield "anybody is allowed; name the principal"
        if "NotAction" in statement or "NotResource" in statement or "NotPrincipal" in statement:
            yield "a statement allows all but something; say what it allows"


def _wide_resources(kind: str, statement: Mapping[str, Any]) -> Iterator[str]:
    actions = {str(action) for action in _listed(statement.get("Action", "*"))}
    if "Resource" not in statement:
        if "Principal" not in statement:
            yield f"{kind} allows {', '.join(sorted(actions))} on no resource; name it"
        return
    for target in _listed(statement["Resource"]):
        text = _text(target)
        if text == "*" and kind == "AWS::KMS::Key":  # in its own policy: this key
            continue
        if text == "*" and not actions <= _WITHOUT_RESOURCE:
            wide = ", ".join(sorted(actions - _WITHOUT_RESOURCE))
            yield f"{wide} may be used on everything; name the resource"
        elif text != "*" and "*" in text and not _OPEN_ENDED.fullmatch(text):
            yield f"the resource {text} leaves open what it is; write out its name"


def _text(target: object) -> str:
    if isinstance(target, Mapping):
        text = target.get("Fn::Sub")
        return str(text[0] if isinstance(text, list) else text) if text else "(one resource)"
    return str(target)


def _principals(statement: Mapping[str, Any]) -> Iterator[object]:
    principal = statement.get("Principal", {})
    for one in principal.values() if isinstance(principal, Mapping) else [principal]:
        yield from _listed(one)


def _buckets_are_closed(kind: str, resource: Resource) -> Iterator[str]:
    if kind != "AWS::S3::Bucket":
        return
    properties = resource.get("Properties", {})
    if "BucketEncryption" not in properties:
        yield "the bucket is not encrypted; give it a BucketEncryption"
    block = properties.get("PublicAccessBlockConfiguration", {})
    open_to = [name for name in _BLOCKS if block.get(name) is not True]
    if open_to:
        yield f"the bucket may be made public; set {', '.join(open_to)}"
    if properties.get("VersioningConfiguration", {}).get("Status") != "Enabled":
        yield "a replaced object is lost; enable versioning"
    if "LifecycleConfiguration" not in properties:
        yield "old versions are kept for ever; give it a LifecycleConfiguration"


def _logs_end(kind: str, resource: Resource) -> Iterator[str]:
    if kind == "AWS::Logs::LogGroup" and "RetentionInDays" not in resource.get("Properties", {}):
        yield "its entries are kept for ever; set RetentionInDays"


def _topics_are_encrypted(kind: str, resource: Resource) -> Iterator[str]:
    if kind != "AWS::SNS::Topic":
        return
    key = resource.get("Properties", {}).get("KmsMasterKeyId")
    if not key or _text(key).endswith("alias/aws/sns"):
        yield "alarms cannot publish to it encrypted; set KmsMasterKeyId to a key that lets CloudWatch use it"


def _warehouses_are_audited(kind: str, resource: Resource) -> Iterator[str]:
    if kind == "AWS::RedshiftServerless::Namespace":
        missing = _AUDIT_LOGS - set(resource.get("Properties", {}).get("LogExports", []))
        if missing:
            yield f"nobody could say who read what; add {', '.join(sorted(missing))} to LogExports"


def _data_stays(kind: str, resource: Resource) -> Iterator[str]:
    if kind not in _HOLD_DATA:
        return
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        if resource.get(policy) not in _MAY_KEEP:
            yield f"it holds what cannot be made again; set {policy} to Retain"


def _no_secret_is_written(kind: str, resource: Resource) -> Iterator[str]:
    properties = resource.get("Properties", {})
    for name in ("AdminUserPassword", "MasterUserPassword", "SecretString"):
        if name in properties:
            yield f"{kind} is given {name}; let AWS make it"


RULES: tuple[Rule, ...] = (
    _policies_name_what_they_allow,
    _buckets_are_closed,
    _logs_end,
    _topics_are_encrypted,
    _warehouses_are_audited,
    _data_stays,
    _no_secret_is_written,
)


def _without_tls(resources: Mapping[str, Resource]) -> Iterator[str]:
    """Names of buckets without a policy that requires TLS."""
    guarded = {
        policy["Properties"]["Bucket"].get("Ref")
        for policy in resources.values()
        if policy["Type"] == "AWS::S3::BucketPolicy"
        for statement in statements(policy["Properties"])
        if statement["Effect"] == "Deny"
        and statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport") == "false"
    }
    for name, resource in resources.items():
        if resource["Type"] == "AWS::S3::Bucket" and name not in guarded:
            yield name


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
