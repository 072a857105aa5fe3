"""The library behind the stack file: typed specification, catalog, clusters, and what they carry."""
