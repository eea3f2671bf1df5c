"""The path from raw files to an index of texts, quotations and their places."""
