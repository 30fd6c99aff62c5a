"""Where rows land: what a warehouse must do, and the two that do it."""
