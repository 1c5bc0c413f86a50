"""What linters of other people say of the four stacks as `render` writes them, beside the judges of this project."""
