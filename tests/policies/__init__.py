"""Tests of the policy pack: each rule against its cases, run as the SDK would run them."""
