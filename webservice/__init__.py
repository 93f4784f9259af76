"""The dashboard: reads the store, never writes, never talks to a wiki."""
