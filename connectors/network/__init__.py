"""Which addresses may be connected to, for feeds and webhooks alike, and an HTTP transport that keeps to it."""
