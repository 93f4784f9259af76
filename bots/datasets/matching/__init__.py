"""Which item a record is: indexes of identifiers, live look-ups, and what is made of their hits."""
