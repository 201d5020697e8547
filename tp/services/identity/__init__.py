"""Who somebody is: passwords, access codes, tokens, and the door where they are asked for."""
