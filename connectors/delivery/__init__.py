"""Where alerts are sent to: webhooks, signed by the Standard Webhooks specification."""

from connectors.delivery.address import check_address
from connectors.delivery.secret import check_secret, new_secret
from connectors.delivery.webhook import WebhookChannel

__all__ = ["WebhookChannel", "check_address", "check_secret", "new_secret"]
