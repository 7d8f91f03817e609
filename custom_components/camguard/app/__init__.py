"""Use cases: what CamGuard does. asyncio, no Home Assistant; the outside comes in through ports.py."""
