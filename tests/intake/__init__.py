"""Tests of the intake: licences, fields, real cases, bad input, the plan, and real wikis."""
