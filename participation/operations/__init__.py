"""What whoever keeps an installation does with it: back-ups, and putting them back."""
