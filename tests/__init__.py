"""The tests, a folder a room; as a package, so that `tests.store_fixtures` is found from all."""
