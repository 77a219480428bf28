"""The permission walk: what stands in its way (scene), how each address is called (desk, api), and by whom (roles)."""
