"""The register's records: their kinds, what stands in them, and questions about them.

Shared by the bot, which reads them from wiki pages into the store, and the web service, which
answers from the store.
"""
