"""All settings, read from environment variables that start with SAMENSPEL_, or from files that these name.

They are listed in docs/instellingen.md.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from participation.secret_files import SecretFiles
from participation.widget_sites import is_site

PLACEHOLDER = "alleen-voor-demonstratie"
_WEBHOOK_SECRET = re.compile(r"[\w-]{32,256}", re.ASCII)
"""Bot API, setWebhook: 1 to 256 of these characters; we ask for 32."""


_LOOPBACK = ("localhost", "127.0.0.1", "::1")
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]


class SignOnProvider(BaseModel):
    """Where people of one or more municipalities log in with the account of their work (OpenID Connect)."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,30}$")] = Field(description="in the return address")
    name: Text = Field(description="on the button")
    issuer: Text = Field(description="exactly as the provider writes it in its tokens")
    client_id: Text
    client_secret: SecretStr
    domains: Annotated[tuple[Domain, ...], Field(min_length=1)] = Field(
        description="domains of e-mail addresses that it may speak for: no others are believed"
    )
    second_factor: tuple[Text, ...] = Field(
        (), description="values of acr or amr that say that a second factor was asked"
    )

    @model_validator(mode="after")
    def refuse_what_others_can_read(self) -> "SignOnProvider":
        """Tokens travel from there: only over https, or on this machine for a trial."""
        address = urlsplit(self.issuer)
        if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _LOOPBACK):
            raise ValueError("the issuer must be an https address")
        return self


class Settings(BaseSettings):
    """One installation's settings; every one has a default and a help text."""

    model_config = SettingsConfigDict(env_prefix="SAMENSPEL_", env_ignore_empty=True, hide_input_in_errors=True)

    database_url: str = Field("", description="PostgreSQL, as the owner of the tables (libpq URI); used to migrate.")
    app_database_url: str = Field(
        "", description="PostgreSQL as role samenspel_app; empty: database_url with SET ROLE."
    )
    demo: bool = Field(False, description="Demonstration: example accounts and facts, placeholder secrets allowed.")
    secret_key: str = Field(PLACEHOLDER, description="Signs chat tokens and desk sessions; at least 32 characters.")
    pseudonym_key: str = Field(PLACEHOLDER, description="Makes pseudonyms of channel users; never change or lose it.")
    rasa_url: str = Field(
        "http://127.0.0.1:8001",
        description="Where Rasa listens (private network only). Several replicas: several addresses, space-separated, "
        "or one name of them all.",
    )
    rasa_secret: str = Field(PLACEHOLDER, description="Shared secret of gateway and Rasa.")
    rasa_timeout: float = Field(8.0, description="Seconds a resident waits for Rasa before the honest apology.")
    actions_url: str = Field("http://127.0.0.1:8002", description="Where the action server listens.")
    actions_secret: str = Field(PLACEHOLDER, description="Shared secret of Rasa and the action server.")
    actions_port: int = Field(8002, description="Port of the action server.")
    host: str = Field("127.0.0.1", description="Address that web and actions listen on.")
    port: int = Field(8000, description="Port of widget, chat API and desk.")
    drain_seconds: float = Field(
        0.0, ge=0, le=15, description="Seconds that web goes on after SIGTERM, saying that it is not ready; at most 15."
    )
    public_url: str = Field("http://localhost:8000", description="How residents and griffiers reach this installation.")
    chat_retention_days: int = Field(28, ge=1, le=90, description="Days that chat texts are kept.")
    log_retention_days: int = Field(
        1826, ge=366, description="Days that the log of what was done at the desk is kept; at least a year."
    )
    widget_origins: str = Field(
        "",
        description="Sites that may show the widget in a frame, space-separated; empty: none but those that a "
        "municipality chose at the desk, and in a demonstration any.",
    )
    security_contact: str = Field(
        "",
        description="Where to report a weak spot, mailto: or https:, for /.well-known/security.txt; empty: no such "
        "page.",
    )
    telegram_token: str = Field("", description="Token of the Telegram bot, from BotFather; empty: no Telegram.")
    telegram_name: str = Field(
        "",
        description="Name of the Telegram bot, for links at the desk and on pages of campaigns; empty: no such links.",
    )
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling", description="How Telegram's updates arrive: polling (fetched) or webhook (sent to public_url)."
    )
    telegram_webhook_secret: str = Field(
        "", description="Telegram sends it along with each webhook update; at least 32 letters, digits, - or _."
    )
    telegram_api_url: str = Field("https://api.telegram.org", description="Where the Bot API of Telegram is.")
    relay_url: str = Field("", description="Where a service gets what is said in its channel; empty: no such channel.")
    relay_secret: str = Field("", description="Signs messages from and to that service; at least 32 characters.")
    campaign_quiet_from: int = Field(20, ge=12, le=24, description="Hour from which no message on a campaign leaves.")
    campaign_quiet_until: int = Field(9, ge=0, le=11, description="Hour until which no message on a campaign leaves.")
    campaign_sundays: bool = Field(False, description="Send messages on campaigns on Sundays too.")
    campaign_most_invitations: int = Field(
        2, ge=1, le=10, description="Messages on campaigns one person gets unasked at most in that many days."
    )
    campaign_invitation_days: int = Field(30, ge=1, le=365, description="Days over which those are counted.")
    concern_model: Path = Field(
        Path("var/models/inbreng"), description="Folder of the trained model that proposes kind and theme."
    )
    concern_learnt: str = Field(
        "", description="Folder for what learns from corrections of clerks; empty: beside the trained model."
    )
    ori_url: str = Field(
        "https://api.openraadsinformatie.nl/v1/elastic", description="Where the search API of Open Raadsinformatie is."
    )
    link_check: bool = Field(True, description="Look every week whether links in answers and facts still work.")
    smtp_host: str = Field(
        "", description="Mail server for counts and invitations to people at the desk; empty: no mail."
    )
    smtp_port: int = Field(587, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is made safe: starttls, tls (from the start) or none (own machine)."
    )
    smtp_user: str = Field("", description="User name at the mail server; empty: it asks for none.")
    smtp_password_file: str = Field("", description="File with the password of that user, and nothing else.")
    smtp_from: str = Field("", description="Address that mail comes from, such as samenspel@gemeente.example.")
    log_format: Literal["text", "json"] = Field(
        "text", description="How logs are written: text (for people) or json (for machines, without exception texts)."
    )
    metrics_port: int = Field(
        0,
        description="Port on which web tells Prometheus its counts, and telegram, worker and koppeling on the next "
        "three; 0: nowhere.",
    )
    metrics_host: str = Field("127.0.0.1", description="Address of those ports: on a private network only.")
    traces_url: str = Field(
        "", description="Where an OpenTelemetry collector takes traces (OTLP over HTTP); empty: no traces are made."
    )
    sign_on: tuple[SignOnProvider, ...] = Field(
        (), description="Log-in with the account of one's work: a JSON list of OpenID providers, see below."
    )
    backup_recipients: str = Field(
        "", description="Public keys (age1...) that back-ups are locked with, space-separated."
    )
    var: Path = Field(Path("var"), description="Folder for everything the program makes.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Values in code come first, then the environment, then the files that it names."""
        return init_settings, env_settings, SecretFiles(settings_cls)

    @model_validator(mode="after")
    def refuse_addresses_of_rasa_that_are_none(self) -> "Settings":
        """Better to hear that at the start than from the first resident."""
        parts = [urlsplit(address) for address in self.rasa_urls]
        if not parts or not all(one.scheme in ("http", "https") and one.hostname for one in parts):
            raise ValueError("SAMENSPEL_RASA_URL must be one or more http addresses with spaces between them")
        return self

    @model_validator(mode="after")
    def refuse_placeholders(self) -> "Settings":
        """Outside the demonstration a placeholder or short secret refuses to start."""
        if not self.demo:
            for name in ("secret_key", "pseudonym_key", "rasa_secret", "actions_secret"):
                value = getattr(self, name)
                if value == PLACEHOLDER or len(value) < 32:
                    raise ValueError(f"SAMENSPEL_{name.upper()} must be a secret of at least 32 characters")
        return self

    @model_validator(mode="after")
    def refuse_the_widget_on_any_site(self) -> "Settings":
        """Any site could pass it off as its own, or lay something over it; in a demonstration that is no harm."""
        if not self.demo and not all(is_site(site) for site in self.widget_origins.split()):
            raise ValueError(
                "SAMENSPEL_WIDGET_ORIGINS must name the sites, such as https://www.gemeente.example; * is for a "
                "demonstration"
            )
        return self

    @model_validator(mode="after")
    def refuse_a_contact_that_nobody_can_use(self) -> "Settings":
        """RFC 9116 asks for an address with its scheme."""
        if self.security_contact and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://\S+)", self.security_contact):
            raise ValueError("SAMENSPEL_SECURITY_CONTACT must be a mailto: or https: address")
        return self

    @model_validator(mode="after")
    def refuse_an_open_webhook(self) -> "Settings":
        """Without a secret anyone could post updates in the name of residents, also in a demonstration."""
        if self.telegram_webhook and not _WEBHOOK_SECRET.fullmatch(self.telegram_webhook_secret):
            raise ValueError("SAMENSPEL_TELEGRAM_WEBHOOK_SECRET must be 32 to 256 letters, digits, - or _")
        return self

    @model_validator(mode="after")
    def refuse_an_open_relay(self) -> "Settings":
        """Without a secret anyone could write in the name of residents, also in a demonstration."""
        if self.relay_url and len(self.relay_secret) < 32:
            raise ValueError("SAMENSPEL_RELAY_SECRET must be a secret of at least 32 characters")
        return self

    @model_validator(mode="after")
    def refuse_mail_from_nobody(self) -> "Settings":
        """A mail server refuses mail without a sender; better to hear that at the start."""
        if self.smtp_host and "@" not in self.smtp_from:
            raise ValueError("SAMENSPEL_SMTP_FROM must be an address when SAMENSPEL_SMTP_HOST is set")
        return self

    @model_validator(mode="after")
    def refuse_providers_that_can_not_be_told_apart(self) -> "Settings":
        """What was linked with one must not be taken for the other."""
        for said in ("key", "issuer"):
            values = [getattr(one, said) for one in self.sign_on]
            if len(set(values)) < len(values):
                raise ValueError(f"SAMENSPEL_SIGN_ON has two providers with one {said}")
        return self

    @property
    def rasa_urls(self) -> list[str]:
        """The addresses of Rasa, each once."""
        return list(dict.fromkeys(address.rstrip("/") for address in self.rasa_url.split()))

    @property
    def widget_sites(self) -> str:
        """Sites that may show the widget of a municipality that chose none itself, as in `frame-ancestors`."""
        return self.widget_origins or ("*" if self.demo else "")

    @property
    def telegram_webhook(self) -> bool:
        """Whether the web process takes updates of Telegram."""
        return bool(self.telegram_token) and self.telegram_mode == "webhook"


@lru_cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
