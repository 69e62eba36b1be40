"""Commands about other systems of the centre's."""
