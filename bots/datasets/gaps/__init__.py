"""What is missing on the wiki of a dataset's records: counted, and listed for those who fill it."""
