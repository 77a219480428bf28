"""Real-world mail and hostile HTML through our own code, compared with what their owners expected."""
