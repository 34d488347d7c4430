"""The list of packages as CycloneDX 1.6, made from the lock files: what is pinned is what gets installed."""

import json
import uuid
from datetime import datetime

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from supply.locked import Package


class ListInvalid(Exception):
    """What the schema of CycloneDX says of it."""


def made(world: str, packages: list[Package], *, version: str, now: datetime) -> str:
    """The list of one world as JSON, checked against the schema that the library brings.

    Args:
        version: of Samenspel.

    Raises:
        ListInvalid: it does not fit that schema.
    """
    root = Component(name=f"samenspel-{world}", version=version, type=ComponentType.APPLICATION, bom_ref="samenspel")
    bom = Bom(components=[component(one) for one in packages], serial_number=uuid.uuid4())
    bom.metadata.component, bom.metadata.timestamp = root, now
    bom.register_dependency(root, bom.components)
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    check(text)
    return text


def component(package: Package) -> Component:
    """One package, with the hashes of its files; more than one, since there is one for each platform."""
    url = PackageURL("pypi", name=package.name.lower().replace("_", "-"), version=package.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(url)),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.hashes],
    )
    condition = [Property(name="samenspel:condition", value=package.condition)] if package.condition else []
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        purl=url,
        bom_ref=f"{url}#{package.condition}" if package.condition else str(url),
        external_references=[files],
        properties=condition,
    )


def check(text: str) -> None:
    """Look whether a list fits CycloneDX 1.6.

    Raises:
        ListInvalid: it does not.
    """
    json.loads(text)
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ListInvalid(str(fault))
