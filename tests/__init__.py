"""Promises, kept by test."""
