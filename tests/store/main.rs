//! The annotation store: crashes, killed processes, disk faults, other programs, merging.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(unreachable_pub, reason = "`pub` items are shared by the modules of this test program")]

mod basic;
mod codebook_damage;
mod disk;
mod faults;
#[cfg(unix)]
#[path = "../hostile/mod.rs"]
mod hostile;
#[cfg(unix)]
mod hostile_table;
mod kill;
mod line_merge;
mod locks;
mod memory;
mod merge_laws;
mod moves;
mod other_programs;
mod power_cut;
#[path = "../program/mod.rs"]
mod program;
#[path = "../reader/mod.rs"]
mod reader;
mod replaced_folder;
mod session;
mod stale_copy;
mod state_folder;
mod tag_histories;
#[cfg(unix)]
mod trust;
mod version1;
