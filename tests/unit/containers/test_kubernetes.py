"""The example for Kubernetes says what docker-compose.yml says: the same secrets, limits, probes and networks."""

import re
from functools import cache
from typing import Any

import kubernetes_validate
import pytest
import yaml

from participation.measures import serving
from tests.unit.containers.conftest import ROOT

FOLDER = ROOT / "docker" / "kubernetes"
Services = dict[str, dict[str, Any]]
Workloads = dict[str, dict[str, Any]]

NOT_THERE = {"proxy"}
"""An ingress stands in for it."""

EXAMPLES = {
    "SAMENSPEL_PUBLIC_URL": "https://samenspel.example",
    "SAMENSPEL_WIDGET_ORIGINS": "https://www.gemeente.example",
}
OTHERWISE = {"FORWARDED_ALLOW_IPS": "10.0.0.0/8", "SAMENSPEL_DRAIN_SECONDS": "5"}
"""In a cluster the ingress comes from the addresses of its pods; a network policy lets nobody else to web. And it takes
some seconds until all of the cluster knows that a pod stops."""

PORTS = {"database": 5432, "rasa": 8001, "actions": 8002, "web": 8000}
BEGINS = {
    "prepare": {"database"},
    "rasa": {"database", "actions"},
    "actions": {"database"},
    "web": {"database", "rasa", "actions"},
    "worker": {"database"},
    "telegram": {"database", "rasa"},
    "koppeling": {"database"},
    "backup": {"database"},
}
"""Who begins to talk to whom. Networks of Compose say only who can talk at all."""


@cache
def documents() -> list[dict[str, Any]]:
    """All objects in the folder, but for the list of files itself."""
    files = [path for path in sorted(FOLDER.glob("*.yaml")) if path.name != "kustomization.yaml"]
    return [document for path in files for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    """The objects of one kind by name."""
    return {one["metadata"]["name"]: one for one in documents() if one["kind"] == kind}


@pytest.fixture(scope="module")
def pods() -> Workloads:
    """What runs, by name: the specification of its pods."""
    workloads = {**of_kind("StatefulSet"), **of_kind("Job"), **of_kind("Deployment")}
    return {name: one["spec"]["template"]["spec"] for name, one in workloads.items()}


@pytest.fixture(scope="module")
def containers(pods: Workloads) -> Workloads:
    """Their containers: one each."""
    return {name: pod["containers"][0] for name, pod in pods.items() if len(pod["containers"]) == 1}


def filled_in(value: object) -> str:
    """What Compose makes of a value without settings of one's own."""

    def choice(found: re.Match[str]) -> str:
        return found[3] if found[2] == "-" else EXAMPLES[found[1]]

    return re.sub(r"\$\{([A-Z_]+):([-?])([^}]*)\}", choice, str(value))


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def probe_of(check: dict[str, Any]) -> dict[str, Any]:
    """A health check of Compose in the words of Kubernetes, which can ask a page itself."""
    test = check["test"][1:]
    page = re.search(r"http://127\.0\.0\.1:(\d+)([^']*)", test[2]) if test[:2] == ["python", "-c"] else None
    asked = {"httpGet": {"path": page[2], "port": int(page[1])}} if page else {"exec": {"command": test}}
    return {
        **asked,
        "periodSeconds": seconds(check["interval"]),
        "timeoutSeconds": seconds(check["timeout"]),
        "failureThreshold": check["retries"],
    }


def test_kubernetes_would_take_every_object() -> None:
    version = kubernetes_validate.latest_version()
    for document in documents():
        kubernetes_validate.validate(document, version, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**documents()[0], "specs": {}}, version, strict=True)


def test_every_file_is_in_the_list_and_every_secret_too(compose: dict[str, Any]) -> None:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(listed["resources"]) == files
    (secrets,) = listed["secretGenerator"]
    assert set(secrets["files"]) == {f"geheimen/{name}" for name in compose["secrets"]}
    assert (FOLDER / "rollen.sh").read_text() == (ROOT / "docker" / "rollen.sh").read_text()


def test_the_same_services_run_the_same_commands_from_the_same_images(
    services: Services, containers: Workloads
) -> None:
    assert set(containers) == set(services) - NOT_THERE
    shown = {name: (one["image"], one.get("command") or one.get("args")) for name, one in containers.items()}
    commands = {name: [filled_in(word) for word in services[name].get("command", [])] for name in containers}
    assert shown == {name: (filled_in(services[name]["image"]), commands[name] or None) for name in containers}


def test_they_get_the_same_settings(services: Services, containers: Workloads) -> None:
    shown = {name: {one["name"]: one["value"] for one in container["env"]} for name, container in containers.items()}
    assert shown == {
        name: {key: OTHERWISE.get(key, filled_in(value)) for key, value in services[name]["environment"].items()}
        for name in containers
    }


def test_they_see_the_same_secrets(services: Services, pods: Workloads) -> None:
    def seen(pod: dict[str, Any]) -> set[str]:
        (secret,) = (volume["secret"] for volume in pod["volumes"] if "secret" in volume)
        return {item["key"] for item in secret["items"] if item["key"] == item["path"]}

    assert {name: seen(pod) for name, pod in pods.items()} == {name: set(services[name]["secrets"]) for name in pods}


def test_they_are_as_hardened(services: Services, pods: Workloads, containers: Workloads) -> None:
    for name, pod in pods.items():
        user = int(services[name]["user"].split(":")[0])
        assert pod["securityContext"] == {
            "runAsNonRoot": True,
            "runAsUser": user,
            "runAsGroup": user,
            "fsGroup": user,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert (pod["automountServiceAccountToken"], pod["enableServiceLinks"]) == (False, False)
        assert containers[name]["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_they_have_the_same_limits(services: Services, pods: Workloads, containers: Workloads) -> None:
    units = {"m": "Mi", "g": "Gi"}
    for name, container in containers.items():
        limits = services[name]["deploy"]["resources"]["limits"]
        memory = limits["memory"][:-1] + units[limits["memory"][-1]]
        assert container["resources"]["limits"] == {"cpu": limits["cpus"], "memory": memory}
        in_memory = {
            mount["mountPath"]: volume["emptyDir"]["sizeLimit"]
            for volume in pods[name]["volumes"]
            for mount in container["volumeMounts"]
            if mount["name"] == volume["name"] and "emptyDir" in volume
        }
        sizes = re.compile(r"(.+):size=(\d+)m,")
        wanted = {found[1]: f"{found[2]}Mi" for found in map(sizes.match, services[name]["tmpfs"]) if found}
        shared = {"/dev/shm": "256Mi"} if "shm_size" in services[name] else {}
        assert in_memory == wanted | shared


def test_they_are_asked_in_the_same_way_whether_they_work(services: Services, containers: Workloads) -> None:
    for name, container in containers.items():
        check = services[name].get("healthcheck")
        probes = [container.get(f"{kind}Probe") for kind in ("startup", "liveness", "readiness")]
        if check is None:
            assert probes == [None, None, None]
            continue
        probe = probe_of(check)
        patience = seconds(check["start_period"]) // seconds(check["interval"]) + check["retries"]
        assert probes == [{**probe, "failureThreshold": patience}, probe, probe if name in PORTS else None]


def test_nobody_talks_who_could_not_in_compose(services: Services) -> None:
    able = {
        (one, other)
        for one in BEGINS
        for other in PORTS
        if one != other and set(services[one]["networks"]) & set(services[other]["networks"])
    }
    assert {(one, other) for one, others in BEGINS.items() for other in others} <= able


def test_policies_let_those_talk_that_have_to_and_no_others(services: Services) -> None:
    policies = of_kind("NetworkPolicy")
    assert policies["nothing-unless-said"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}

    def names(side: list[dict[str, Any]], key: str) -> set[tuple[str, int]]:
        return {
            (peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"], port["port"])
            for rule in side
            for peer in rule[key]
            if "podSelector" in peer
            for port in rule["ports"]
        }

    goes = {name: names(policies[name]["spec"].get("egress", []), "to") for name in set(services) - NOT_THERE}
    comes = {name: names(policies[name]["spec"].get("ingress", []), "from") for name in set(services) - NOT_THERE}
    assert goes == {name: {(other, PORTS[other]) for other in BEGINS.get(name, set())} for name in goes}
    assert comes == {name: {(one, PORTS[name]) for one, others in BEGINS.items() if name in others} for name in comes}


def test_only_those_that_may_go_out_can(services: Services) -> None:
    out = {
        name
        for name, policy in of_kind("NetworkPolicy").items()
        for rule in policy["spec"].get("egress", [])
        if any("ipBlock" in peer for peer in rule["to"])
    }
    assert out == {name for name, one in services.items() if "uitgaand" in one["networks"]} - NOT_THERE


def test_who_keeps_an_eye_on_it_reaches_the_figures_and_gets_the_traces() -> None:
    """From a namespace with a label, and no further."""
    watchers = {"namespaceSelector": {"matchLabels": {"samenspel": "bewaakt"}}}
    metrics, traces = (of_kind("NetworkPolicy")[name]["spec"] for name in ("metrics", "traces"))
    ports = {"protocol": "TCP", "port": 9464, "endPort": 9464 + serving.RELAY}
    assert metrics["ingress"] == [{"from": [watchers], "ports": [ports]}]
    assert metrics["podSelector"]["matchExpressions"][0]["values"] == ["web", "telegram", "worker", "koppeling"]
    assert traces["egress"] == [{"to": [watchers], "ports": [{"protocol": "TCP", "port": 4318}]}]
    assert traces["podSelector"]["matchExpressions"][0]["values"] == ["web", "telegram", "actions"]


def test_a_process_gets_as_long_to_stop(services: Services, pods: Workloads) -> None:
    graces = {name: services[name].get("stop_grace_period", "").replace("5m", "300s") for name in pods}
    assert {name: pod.get("terminationGracePeriodSeconds") for name, pod in pods.items()} == {
        name: seconds(grace) if grace else None for name, grace in graces.items()
    }


def test_what_runs_more_than_once_keeps_one_running(pods: Workloads) -> None:
    several = {name for name, one in of_kind("Deployment").items() if one["spec"]["replicas"] > 1}
    assert set(of_kind("PodDisruptionBudget")) == several == {"web", "rasa", "actions"}
    assert {
        name: one["spec"]["clusterIP"] for name, one in of_kind("Service").items() if "clusterIP" in one["spec"]
    } == {
        "rasa": "None",  # the gateway finds each replica by the one name
        "database": "None",
    }
