"""The content generator: writes texts, sends them out, and says how it is."""
