//! The program: arguments → run.

fn main() {}
