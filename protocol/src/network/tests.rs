//! Tests of N1 to N10 and B2, on logs that are signed and checked as real ones.

mod bodies;
mod charter;
mod delivery;
mod members;
mod standing;
mod withdrawing;
mod world;
