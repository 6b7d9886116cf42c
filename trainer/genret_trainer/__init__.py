"""Runs the trainings that `genret train … --export` writes, with PyTorch."""
