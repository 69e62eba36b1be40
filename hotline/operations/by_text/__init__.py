"""What staff do by text, from their own phones: answer pages, ask for help, ask for each other's nights."""
