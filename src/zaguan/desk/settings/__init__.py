"""Settings, a module for each chapter."""
