"""A place to try things: real MediaWikis, a fault-injecting proxy, seed content."""
