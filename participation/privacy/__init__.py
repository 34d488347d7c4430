"""What keeps residents unknown: pseudonyms and the retention of texts."""
