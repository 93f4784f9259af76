"""Tests of the dashboard, on a real store."""
