"""Lists on wiki pages: found, filled from the store, and merged with what people made of them."""
