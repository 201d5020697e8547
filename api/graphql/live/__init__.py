"""Subscriptions: streams of answers, over WebSocket and over server-sent events."""
