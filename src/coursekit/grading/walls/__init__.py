"""What a submission may use, and the walls around it."""
