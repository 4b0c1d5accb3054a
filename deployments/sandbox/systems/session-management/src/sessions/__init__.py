"""WebSocket sessions: one speaker, many listeners, each in a language."""
