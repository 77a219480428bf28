"""A long run under fire: processes are killed at any moment, and nothing may be lost or sent twice."""
