"""What the community sees of a dataset's bot: its mapping and its task, on the hub wiki."""
