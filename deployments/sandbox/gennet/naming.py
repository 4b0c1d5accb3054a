"""The names of GenNet that more than one module of its sandbox uses."""

from __future__ import annotations

from collections.abc import Mapping

NAME = "gennet"
SUFFIXES = ("staging", "prod")
NAMESPACES: Mapping[str, str] = {"staging": "gennet-staging", "prod": "gennet-system"}
ENVIRONMENTS: Mapping[str, str] = {"staging": "staging", "prod": "production"}
HOSTS: Mapping[str, str] = {"staging": "api.staging.gennet.example.com", "prod": "api.gennet.example.com"}
SERVICES = ("gateway", "auth", "networks", "inference")
ZONE = "gennet.example.com"
STATES = "gennet-terraform-states"
LOCKS = "gennet-terraform-locks"
