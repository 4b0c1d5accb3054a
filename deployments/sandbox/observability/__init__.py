"""Prometheus, Alertmanager, Grafana, Jaeger and Elasticsearch as who asks them sees them.

Each is a class that holds what there is to tell, and ``answer``s a page of its API. A system of the sandbox makes one at each
request, of what it has measured of what is deployed; left out is what is well.
"""
