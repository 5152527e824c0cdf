"""Events as tables that other programs read: the layouts, the writers, and the way through a store."""
