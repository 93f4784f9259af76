"""HubBot: bots that keep what partners bring to Wikimedia alive and honest."""
