"""Tests of app/rules, one file for each."""
