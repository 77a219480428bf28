"""What every test may use, wherever it stands; see zaguan/testing/."""

pytest_plugins = ["zaguan.testing.fixtures"]
