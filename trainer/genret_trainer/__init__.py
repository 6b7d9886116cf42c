"""Training of genret's models in PyTorch: the jobs that `genret train` runs on two cores, for GPUs."""
