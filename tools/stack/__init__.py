"""The commands around one stack: up, preview, status, down."""
