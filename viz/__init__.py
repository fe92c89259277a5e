"""The dashboard: it builds, steps and reads an economy; only `viz/session.py` moves it."""
