"""What docker-compose.yml promises about every container: hardened, limited, and shown no more than it needs."""

import re
from typing import Any

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import validators

from participation.settings import Settings
from tests.unit.containers.conftest import ROOT

Services = dict[str, dict[str, Any]]

# Who reaches whom: a network has the services that talk with each other, and no others.
NETWORKS = {
    "buiten": {"proxy"},
    "voordeur": {"proxy", "web"},
    "uitgaand": {"web", "worker", "telegram", "koppeling"},
    "gesprek": {"web", "rasa", "actions", "telegram"},
    "gegevens": {"database", "prepare", "actions", "web", "worker", "telegram", "koppeling", "backup"},
    "rasa-gegevens": {"database", "rasa"},
}
WITH_A_WAY_OUT = {"buiten", "uitgaand"}
SECRET_SETTINGS = {
    "DATABASE_URL",
    "APP_DATABASE_URL",
    "RASA_DATABASE_URL",
    "SECRET_KEY",
    "PSEUDONYM_KEY",
    "RASA_SECRET",
    "ACTIONS_SECRET",
    "TELEGRAM_TOKEN",
    "TELEGRAM_WEBHOOK_SECRET",
    "RELAY_SECRET",
    "SIGN_ON",
}
SMTP_PASSWORD = "SAMENSPEL_SMTP_PASSWORD_FILE"


def secrets_named(service: dict[str, Any]) -> set[str]:
    """The secrets whose files the environment of a service names."""
    values = (str(value) for value in service.get("environment", {}).values())
    return {value.removeprefix("/run/secrets/") for value in values if value.startswith("/run/secrets/")}


def modules(service: dict[str, Any]) -> list[str]:
    """The modules that a service runs with `python -m`."""
    command = service.get("command", [])
    return command[2:3] if command[:2] == ["python", "-m"] else []


def test_the_file_is_what_the_compose_specification_asks(compose: dict[str, Any]) -> None:
    schema = get_builtin_schema("vendor.compose-spec")
    checker = validators.validator_for(schema)
    assert [error.message for error in checker(schema).iter_errors(compose)] == []
    compose["services"]["web"]["reed_only"] = True
    assert checker(schema).is_valid(compose) is False  # it does look
    del compose["services"]["web"]["reed_only"]


def test_what_stands_beside_it_is_too_and_changes_the_outer_network_alone(compose: dict[str, Any]) -> None:
    beside = yaml.safe_load((ROOT / "docker" / "ipv6.yml").read_text(encoding="utf-8"))
    schema = get_builtin_schema("vendor.compose-spec")
    assert validators.validator_for(schema)(schema).is_valid(beside)
    assert {name: list(one) for name, one in beside.items()} == {"networks": ["buiten"]}
    assert "buiten" in compose["networks"]


def test_every_container_is_hardened(services: Services) -> None:
    def hardening(service: dict[str, Any]) -> dict[str, Any]:
        return {
            "read_only": service.get("read_only"),
            "cap_drop": service.get("cap_drop"),
            "cap_add": service.get("cap_add", []),
            "security_opt": service.get("security_opt"),
            "init": service.get("init"),
            "root": str(service.get("user", "0")).split(":")[0] in {"0", "root"},
            "privileged": service.get("privileged", False),
            "joins": [key for key in ("network_mode", "pid", "ipc", "userns_mode", "devices") if key in service],
        }

    wanted = {
        "read_only": True,
        "cap_drop": ["ALL"],
        "cap_add": [],
        "security_opt": ["no-new-privileges:true"],
        "init": True,
        "root": False,
        "privileged": False,
        "joins": [],
    }
    assert {name: hardening(service) for name, service in services.items()} == dict.fromkeys(services, wanted)


def test_every_container_has_limits_also_of_what_it_keeps_in_memory(services: Services) -> None:
    limits = {name: set(service["deploy"]["resources"]["limits"]) for name, service in services.items()}
    assert limits == {key: {"cpus", "memory", "pids"} for key in services}
    unlimited = [mount for service in services.values() for mount in service["tmpfs"] if ":size=" not in mount]
    assert unlimited == []
    assert {name: service["logging"]["options"] for name, service in services.items()} == {
        key: {"max-size": "10m", "max-file": "5"} for key in services
    }


def test_every_container_that_stays_tells_whether_it_works(services: Services) -> None:
    checked = {name: set(service["healthcheck"]) for name, service in services.items() if "healthcheck" in service}
    assert checked == {
        key: {"test", "interval", "timeout", "retries", "start_period"} for key in services.keys() - {"prepare"}
    }
    for service in services.values():
        test = service.get("healthcheck", {}).get("test", [])
        if test[1:3] == ["python", "-c"]:
            compile(test[3], "healthcheck", "exec")


def test_nobody_is_asked_whether_another_works(services: Services) -> None:
    """One that is too busy to answer would have a healthy one killed."""
    asked = {name: re.findall(r"https?://([\w.]+)", str(one.get("healthcheck"))) for name, one in services.items()}
    assert {name: hosts for name, hosts in asked.items() if set(hosts) - {"127.0.0.1"}} == {}


def test_networks_join_those_that_talk_and_no_others(compose: dict[str, Any], services: Services) -> None:
    joined = {
        network: {name for name, service in services.items() if network in service["networks"]}
        for network in compose["networks"]
    }
    assert joined == NETWORKS
    assert {name for name, network in compose["networks"].items() if not network.get("internal")} == WITH_A_WAY_OUT


def test_rasa_and_the_database_have_no_way_out_and_the_proxy_no_way_to_the_database(services: Services) -> None:
    networks = {name: set(service["networks"]) for name, service in services.items()}
    assert [
        name for name in ("rasa", "database", "actions", "prepare", "backup") if networks[name] & WITH_A_WAY_OUT
    ] == []
    assert networks["proxy"] & (networks["database"] | networks["rasa"]) == set()


def test_only_the_proxy_can_be_reached_from_outside(services: Services) -> None:
    assert {name for name, service in services.items() if "ports" in service or "expose" in service} == {"proxy"}


def test_no_secret_is_in_an_environment_in_plain(services: Services) -> None:
    in_plain = {f"SAMENSPEL_{name}" for name in SECRET_SETTINGS} | {"POSTGRES_PASSWORD"}
    shown = {name: in_plain.intersection(service.get("environment", {})) for name, service in services.items()}
    assert shown == {key: set() for key in services}
    asked = set(re.findall(r"\$\{([A-Z_0-9]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert [name for name in asked if re.search(r"SECRET$|PASSWORD|_KEY|TOKEN|DATABASE_URL|SIGN_ON", name)] == []


def test_every_secret_of_the_program_is_known_here() -> None:
    """Whose help text or name says that it is one; the others are not secret."""
    spoken_of = re.compile(r"secret|token of|log-in with|as the owner|as role|pseudonyms of", re.IGNORECASE)
    found = {
        name.upper()
        for name, field in Settings.model_fields.items()
        if spoken_of.search(f"{name} {field.description}") and name not in ("demo",)
    }
    assert found == SECRET_SETTINGS - {"RASA_DATABASE_URL"}


def test_every_setting_of_the_program_can_be_set_or_is_fixed_on_purpose() -> None:
    """In the containers: ports, folders, and addresses of one another."""
    fixed = {"actions_port", "port", "telegram_api_url", "concern_model", "concern_learnt", "var"}
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    examples = (ROOT / ".env.example").read_text(encoding="utf-8")
    set_there = {name for name in Settings.model_fields if f"SAMENSPEL_{name.upper()}" in compose}
    assert set(Settings.model_fields) - set_there == fixed
    asked = set(re.findall(r"\$\{(SAMENSPEL_[A-Z_]+)", compose))
    assert [name for name in sorted(asked) if f"\n{name}=" not in examples] == []


def test_every_container_gets_the_secrets_that_it_names_and_no_others(
    compose: dict[str, Any], services: Services
) -> None:
    given = {name: set(service.get("secrets", [])) for name, service in services.items()}
    assert given == {name: secrets_named(service) for name, service in services.items()}
    assert set(compose["secrets"]) == set().union(*given.values())


def test_rasa_gets_no_secret_of_the_product(services: Services) -> None:
    assert set(services["rasa"]["secrets"]) == {"rasa_secret", "actions_secret", "rasa_database_url"}
    assert [name for name, service in services.items() if "database_url" in service.get("secrets", [])] == [
        "prepare",
        "backup",
    ]


def test_every_command_exists(services: Services) -> None:
    named = {module for service in services.values() for module in modules(service)}
    assert named == {
        "participation.database.prepare",
        "actions",
        "web",
        "participation.worker",
        "bot.telegram",
        "bot.relay",
        "participation.operations.backup",
    }
    places = {module: ROOT / module.replace(".", "/") for module in named}
    assert [
        module
        for module, place in places.items()
        if not place.with_suffix(".py").exists() and not (place / "__main__.py").exists()
    ] == []


def test_what_is_mounted_from_here_exists_and_can_not_be_written(services: Services) -> None:
    mounted = [volume for service in services.values() for volume in service.get("volumes", [])]
    from_here = [volume.split(":") for volume in mounted if volume.startswith("./")]
    assert from_here == [["./docker/rollen.sh", "/docker-entrypoint-initdb.d/rollen.sh", "ro"]]
    assert (ROOT / "docker" / "rollen.sh").exists()
    assert [volume for volume in mounted if "docker.sock" in volume] == []


@pytest.mark.parametrize("way", ["automatisch", "eigen", "proef"])
def test_every_way_to_a_certificate_is_there_and_explained(way: str) -> None:
    assert (ROOT / "docker" / "proxy" / "tls" / f"{way}.caddy").exists()
    (explained,) = re.findall(r"((?:# .*\n)+)TLS=", (ROOT / ".env.example").read_text(encoding="utf-8"))
    assert re.search(rf"\b{way}\b", explained) is not None
