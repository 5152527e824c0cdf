"""How Treatywire and the servers it works with are run."""
