"""Tests that need a running lab."""
