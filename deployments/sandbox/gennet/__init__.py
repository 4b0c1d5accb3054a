"""GenNet in the sandbox: its account, its cluster, its sample services, its damages."""
