"""One rule a file, named for what it demands. Each is listed in `policies.registry`."""
