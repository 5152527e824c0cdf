"""Settings as kafka-python takes them."""

from typing import Any

from schemas.kafka_settings import KafkaSettings


def client_options(settings: KafkaSettings) -> dict[str, Any]:
    """What every client of kafka-python is given."""
    given: dict[str, Any] = {
        "bootstrap_servers": [host.strip() for host in settings.bootstrap.split(",")],
        "client_id": settings.prefix,
        "security_protocol": str(settings.security),
    }
    if settings.sasl_mechanism is not None:
        given |= {
            "sasl_mechanism": str(settings.sasl_mechanism),
            "sasl_plain_username": settings.sasl_user,
            "sasl_plain_password": settings.sasl_password,
        }
    names = {
        "ssl_cafile": settings.ca_file,
        "ssl_certfile": settings.certificate_file,
        "ssl_keyfile": settings.key_file,
    }
    return given | {name: str(path) for name, path in names.items() if path is not None}
