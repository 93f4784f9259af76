"""All I/O with wikis; the only room that imports pywikibot."""
