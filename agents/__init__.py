"""Who decides: firms and consumers, their rules and their luck."""
