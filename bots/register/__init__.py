"""The register: records read from wiki pages, and lists that keep themselves."""
