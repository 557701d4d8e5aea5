"""Asking servers: addresses, hosts and HTTP, with bounds on everything."""
