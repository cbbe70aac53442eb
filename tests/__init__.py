"""Tests as sentences, at three speeds: unit, integration, e2e."""
