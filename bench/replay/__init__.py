"""The registry's real releases, brought to a stand-in one after the other while people edit."""
