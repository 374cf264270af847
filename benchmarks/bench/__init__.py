"""Benchmarks of vsmtp beside other mail servers."""
