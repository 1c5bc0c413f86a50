"""Controllers of a stack that have to run: on simulated nodes their pods do nothing, so they are processes."""
