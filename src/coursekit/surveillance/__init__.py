"""The third lens: surveillance exports and shutdowns, and what is known of them."""
