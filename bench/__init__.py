"""Measurements: `make bench NAME=x` runs `bench/x.py` and writes `bench/results/x.json`."""
