"""What rules need to know of Kubernetes: kinds, where their Pod templates lie, images, accelerators."""
