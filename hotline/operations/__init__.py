"""Who changes the world: one module per actor, each public function one transaction's work."""
