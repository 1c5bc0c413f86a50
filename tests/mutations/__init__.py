"""The program without one of its controls at a time: which test sees it. `make mutate` runs all of them."""
