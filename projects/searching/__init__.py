"""What the search finds in the records of the network, one module a record: KIND, SUBJECT, documents()."""
