"""The parts of `bench nlu`: what is learnt and asked, who learns it, and what comes out."""
